import { isObject, type RawFrame } from "../bridge/frame-parser.js";
import { ProtocolError } from "../bridge/protocol-error.js";

/** A frame to the relay, apart from its blob. */
export type RelayCommand =
  | {
      type: "open";
      env: Readonly<Record<string, string>>;
      workspace: string | null;
      keepWorkspace: boolean;
    }
  | { type: "start" }
  | { type: "channel" }
  | { type: "grant"; stream: "channel" | "output"; bytes: number }
  | { type: "interrupt" }
  | { type: "kill" }
  | ({ type: "file"; id: number } & FileOperation);

/** What is done with a file; `file` is the id of the frame that opened it. */
export type FileOperation =
  | { operation: "open-to-read" | "open-to-write" | "list" | "remove"; path: string }
  | { operation: "read" | "write" | "close"; file: number };

/** How a file operation ended. */
export type FileResult =
  | { type: "file-result"; id: number; ok: true; data: Uint8Array }
  | { type: "file-result"; id: number; ok: false; message: string };

/** A checked frame from the relay. Its form is right; nothing it says can be trusted. */
export type RelayFrame =
  | { type: "greeting"; python: string; isTerminal: boolean; isWindows: boolean }
  | { type: "opened"; workspace: string }
  | { type: "refused"; message: string }
  | { type: "channel" | "output"; data: Uint8Array }
  | { type: "grant"; bytes: number }
  | { type: "exit"; reason: string }
  | FileResult;

const maxTextCharacters = 4000;

/** @throws ProtocolError when the frame is not one of the protocol. */
export function readRelayFrame({ header, blobs }: RawFrame): RelayFrame {
  const type = header["type"];
  switch (type) {
    case "greeting":
      return {
        type,
        python: text(header, "python"),
        isTerminal: header["isTerminal"] === true,
        isWindows: header["isWindows"] === true,
      };
    case "opened":
      return { type, workspace: text(header, "workspace") };
    case "refused":
      return { type, message: text(header, "message") };
    case "channel":
    case "output":
      return { type, data: onlyBlob(blobs) };
    case "grant":
      return { type, bytes: count(header, "bytes") };
    case "exit":
      return { type, reason: text(header, "reason") };
    case "file-result": {
      const id = count(header, "id");
      if (header["ok"] === true) return { type, id, ok: true, data: onlyBlob(blobs) };
      return { type, id, ok: false, message: text(header, "message") };
    }
    default:
      throw new ProtocolError("the relay sent a frame of an unknown type");
  }
}

function text(header: RawFrame["header"], member: string): string {
  const value = header[member];
  if (typeof value !== "string") throw malformed(member);
  return value.slice(0, maxTextCharacters);
}

function count(header: RawFrame["header"], member: string): number {
  const value = header[member];
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw malformed(member);
  return value as number;
}

function onlyBlob(blobs: RawFrame["blobs"]): Uint8Array {
  const [blob] = blobs;
  if (blob === undefined || blobs.length > 1) throw malformed("blobs");
  return blob;
}

function malformed(member: string): ProtocolError {
  return new ProtocolError(`the relay sent a frame with a malformed member "${member}"`);
}

/** An entry of a directory, from a list that the far side made. */
export function readEntry(value: unknown): {
  path: string;
  type: "file" | "directory";
  size: number;
} {
  if (!isObject(value)) throw malformed("list");
  const path = text(value, "path");
  const isInside = path.split("/").every((name) => name !== "" && name !== "." && name !== "..");
  const type = value["type"];
  if (!isInside || path.includes("\0") || (type !== "file" && type !== "directory")) {
    throw malformed("list");
  }
  return { path, type, size: count(value, "size") };
}
