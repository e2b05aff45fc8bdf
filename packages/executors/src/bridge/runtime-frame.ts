import type { JsonValue, MimeBundle, PythonError, PythonFrame } from "@codeact/core";
import { isObject, type RawFrame } from "./frame-parser.js";
import { ProtocolError } from "./protocol-error.js";
import { isShallow, maxValueDepth } from "./values.js";

/** Answer to `hello`. */
export interface ReadyFrame {
  type: "ready";
  python: string;
  pid: number;
}

/** Call of a host tool; its input is read when the call is answered. */
export interface ToolCallFrame {
  type: "tool-call";
  id: string;
  cell: number;
  name: string;
  raw: RawFrame;
  /** The frame's place in the output; 0 for none, for marks count from 1. */
  mark: number;
}

/** A displayed value. */
export interface DisplayFrame {
  type: "display";
  cell: number;
  source: "result" | "display";
  data: MimeBundle;
  /** Size for the output limit: the header's length. */
  size: number;
  mark: number;
}

/** End of a cell. */
export interface DoneFrame {
  type: "done";
  cell: number;
  status: "ok" | "error" | "interrupted";
  error: PythonError | undefined;
  mark: number;
}

/** Answer to `fork`: the branch exists, or why there is none. */
export interface ForkedFrame {
  type: "forked";
  ok: boolean;
  message: string;
}

/** The runtime itself failed. */
export interface FaultFrame {
  type: "fault";
  message: string;
}

/** A checked frame from Python. Its form is right; nothing it says can be trusted. */
export type RuntimeFrame =
  | ReadyFrame
  | ToolCallFrame
  | DisplayFrame
  | DoneFrame
  | ForkedFrame
  | FaultFrame;

const maxIdCharacters = 200;
const maxMimeTypes = 100;
const maxTracebackFrames = 10_000;

type Members = RawFrame["header"];

/** @throws ProtocolError when the frame is not one of the protocol. */
export function readRuntimeFrame(raw: RawFrame): RuntimeFrame {
  const members = raw.header;
  switch (members["type"]) {
    case "ready":
      return { type: "ready", python: text(members, "python"), pid: count(members, "pid") };
    case "tool-call":
      return {
        type: "tool-call",
        mark: mark(members),
        id: identifier(members),
        cell: count(members, "cell"),
        name: text(members, "name"),
        raw,
      };
    case "display":
      return {
        type: "display",
        mark: mark(members),
        cell: count(members, "cell"),
        source: oneOf(members, "source", ["result", "display"]),
        data: mimeBundle(raw),
        size: raw.headerLength,
      };
    case "done":
      return {
        type: "done",
        mark: mark(members),
        cell: count(members, "cell"),
        status: oneOf(members, "status", ["ok", "error", "interrupted"]),
        error: members["error"] == null ? undefined : pythonError(members["error"]),
      };
    case "forked":
      return members["ok"] === true
        ? { type: "forked", ok: true, message: "" }
        : { type: "forked", ok: false, message: text(members, "message") };
    case "fault":
      return { type: "fault", message: text(members, "message") };
    default:
      throw new ProtocolError("a protocol frame had an unknown type");
  }
}

function malformed(member: string): ProtocolError {
  return new ProtocolError(`a protocol frame had a malformed member "${member}"`);
}

function text(members: Members, member: string): string {
  const value = members[member];
  if (typeof value !== "string") throw malformed(member);
  return value;
}

function identifier(members: Members): string {
  const id = text(members, "id");
  if (id.length === 0 || id.length > maxIdCharacters) throw malformed("id");
  return id;
}

function count(members: Members, member: string): number {
  const value = members[member];
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw malformed(member);
  return value as number;
}

function mark(members: Members): number {
  return members["mark"] == null ? 0 : count(members, "mark");
}

function oneOf<const T extends string>(members: Members, member: string, allowed: readonly T[]): T {
  const found = allowed.find((value) => value === members[member]);
  if (found === undefined) throw malformed(member);
  return found;
}

function mimeBundle(raw: RawFrame): MimeBundle {
  const data = raw.header["data"];
  if (!isObject(data)) throw malformed("data");
  let entries = Object.entries(data) as [string, JsonValue][];
  if (entries.length > maxMimeTypes) throw malformed("data");
  // Every level takes two characters, so that a short header cannot be deep.
  if (raw.headerLength > 2 * maxValueDepth) {
    entries = entries.filter(([, value]) => isShallow(value));
  }
  return Object.fromEntries(entries);
}

function pythonError(value: unknown): PythonError {
  if (!isObject(value)) throw malformed("error");
  const frames = value["frames"];
  if (!Array.isArray(frames) || frames.length > maxTracebackFrames) throw malformed("frames");
  return {
    type: text(value, "type"),
    message: text(value, "message"),
    traceback: text(value, "traceback"),
    frames: frames.map(pythonFrame),
  };
}

function pythonFrame(value: unknown): PythonFrame {
  if (!isObject(value)) throw malformed("frames");
  return {
    ...(value["cell"] == null ? {} : { cell: count(value, "cell") }),
    ...(value["file"] == null ? {} : { file: text(value, "file") }),
    line: count(value, "line"),
    function: text(value, "function"),
    ...(value["source"] == null ? {} : { source: text(value, "source") }),
  };
}
