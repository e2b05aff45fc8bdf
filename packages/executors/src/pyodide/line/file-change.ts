import { isObject } from "../../bridge/frame-parser.js";
import { bytesOf, joinBytes, textOf } from "../../bridge/utf8.js";

/** What happened to one entry of the workspace. Paths are relative to it, with `/`. */
export type FileChange =
  /** The file's whole content follows. */
  | { type: "file"; path: string }
  /** A file that is too large to be kept outside of the interpreter. */
  | { type: "large-file"; path: string; size: number }
  | { type: "directory"; path: string }
  | { type: "link"; path: string }
  /** It is gone, with all that was below it. */
  | { type: "removed"; path: string };

const newline = 0x0a;
const nothing = new Uint8Array(0);
/** Entries with longer paths are not told. */
export const maxPathCharacters = 4000;
/** What comes before a file's content: JSON makes at most six bytes of a character. */
export const maxFileHeadBytes = 6 * maxPathCharacters + 100;

/** A change and the file's content as one sequence of bytes. */
export function encodeFileChange(change: FileChange, content: Uint8Array = nothing): Uint8Array {
  return joinBytes([bytesOf(`${JSON.stringify(change)}\n`), content]);
}

/** Reads it; `undefined` when it is none. The content is a view of `bytes`. */
export function decodeFileChange(
  bytes: Uint8Array,
): { change: FileChange; content: Uint8Array } | undefined {
  const end = bytes.indexOf(newline);
  if (end === -1 || end > maxFileHeadBytes) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(textOf(bytes.subarray(0, end)));
  } catch {
    return undefined;
  }
  const change = readChange(value);
  return change && { change, content: bytes.subarray(end + 1) };
}

function readChange(value: unknown): FileChange | undefined {
  if (!isObject(value) || !isWorkspacePath(value["path"])) return undefined;
  const { type, path, size } = value;
  switch (type) {
    case "file":
    case "directory":
    case "link":
    case "removed":
      return { type, path };
    case "large-file":
      return Number.isSafeInteger(size) ? { type, path, size: size as number } : undefined;
    default:
      return undefined;
  }
}

/** Whether it is a path of names below the workspace, as both sides write it. */
function isWorkspacePath(path: unknown): path is string {
  return (
    typeof path === "string" &&
    path.length <= maxPathCharacters &&
    !path.includes("\0") &&
    path.split("/").every((name) => name !== "" && name !== "." && name !== "..")
  );
}
