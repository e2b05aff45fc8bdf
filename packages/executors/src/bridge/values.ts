import type { WireValue } from "@codeact/core";
import { isObject } from "./frame-parser.js";
import { ProtocolError } from "./protocol-error.js";
import { bytesOf, textOf } from "./utf8.js";

/** How deep a value may be nested, in both directions. */
export const maxValueDepth = 200;
/** Strings longer than this travel as blobs: Python's `json` is slow on them. */
const longStringCharacters = 65_536;

/** A value that cannot cross; the message is for the one who made it. */
export class WireValueError extends Error {
  override readonly name = "WireValueError";
}

const tooDeep = `a value is nested deeper than ${maxValueDepth} levels, or contains itself`;

/**
 * Turns a value into what `JSON.stringify` writes correctly, with tags for what JSON lacks.
 * Blobs are appended to `blobs`. Returns the value itself when nothing special is inside.
 * @throws WireValueError when it cannot cross.
 */
export function encodeValue(value: unknown, blobs: Uint8Array[], depth = 0): unknown {
  switch (typeof value) {
    case "string":
      return value.length > longStringCharacters ? encodeLongString(value, blobs) : value;
    case "number":
      return encodeNumber(value);
    case "boolean":
      return value;
    case "undefined":
      return null;
    case "object":
      break;
    default:
      throw new WireValueError(`a ${typeof value} cannot be sent to Python`);
  }
  if (value === null) return null;
  if (value instanceof Uint8Array) return { $blob: blobs.push(value) - 1 };
  if (depth >= maxValueDepth) throw new WireValueError(tooDeep);
  return Array.isArray(value)
    ? encodeArray(value, blobs, depth)
    : encodeObject(value as { [key: string]: unknown }, blobs, depth);
}

function encodeNumber(value: number): unknown {
  if (Number.isSafeInteger(value)) return value;
  if (!Number.isFinite(value)) return { $float: String(value) };
  // From 1e21 on JSON writes an exponent, which Python reads as a float.
  if (Number.isInteger(value) && Math.abs(value) < 1e21) {
    throw new WireValueError(
      `the integer ${value} is beyond ±(2**53 - 1) and would lose digits; send it as a string`,
    );
  }
  return value;
}

function encodeLongString(value: string, blobs: Uint8Array[]): unknown {
  // Lone surrogates survive in JSON's escapes, but not in UTF-8.
  if (/\p{Surrogate}/u.test(value)) return value;
  return { $text: blobs.push(bytesOf(value)) - 1 };
}

function encodeArray(value: readonly unknown[], blobs: Uint8Array[], depth: number): unknown {
  let copy: unknown[] | undefined;
  for (let index = 0; index < value.length; index++) {
    const item = value[index];
    const encoded = encodeValue(item, blobs, depth + 1);
    if (copy === undefined && encoded !== item) copy = value.slice(0, index);
    copy?.push(encoded);
  }
  return copy ?? value;
}

function encodeObject(
  value: { [key: string]: unknown },
  blobs: Uint8Array[],
  depth: number,
): unknown {
  const keys = Object.keys(value);
  let copy: [string, unknown][] | undefined;
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] as string;
    const item = value[key];
    const encoded = item === undefined ? undefined : encodeValue(item, blobs, depth + 1);
    if (copy === undefined && encoded !== item) {
      copy = keys.slice(0, index).map((earlier) => [earlier, value[earlier]]);
    }
    copy?.push([key, encoded]);
  }
  const object = copy === undefined ? value : Object.fromEntries(copy);
  return keys.length === 1 && keys[0]?.startsWith("$") ? { $object: object } : object;
}

/**
 * Reads a value that Python sent. Objects are rebuilt without touching any prototype.
 * @throws ProtocolError for a tag that no runtime writes
 * @throws WireValueError when nested too deeply
 */
export function decodeValue(value: unknown, blobs: readonly Uint8Array[], depth = 0): WireValue {
  if (typeof value !== "object" || value === null) {
    return value as string | number | boolean | null;
  }
  if (depth >= maxValueDepth) throw new WireValueError(tooDeep);
  if (Array.isArray(value)) {
    return value.map((item: unknown) => decodeValue(item, blobs, depth + 1));
  }
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only?.[0].startsWith("$")) {
    return decodeTag(only[0], only[1], blobs, depth);
  }
  return decodeEntries(entries, blobs, depth);
}

function decodeEntries(
  entries: readonly [string, unknown][],
  blobs: readonly Uint8Array[],
  depth: number,
): { [key: string]: WireValue } {
  // fromEntries defines properties, so that a key `__proto__` stays a plain key.
  return Object.fromEntries(
    entries.map(([key, item]) => [key, decodeValue(item, blobs, depth + 1)]),
  );
}

function decodeTag(
  tag: string,
  content: unknown,
  blobs: readonly Uint8Array[],
  depth: number,
): WireValue {
  switch (tag) {
    case "$blob":
      return blobAt(content, blobs);
    case "$text":
      return textOf(blobAt(content, blobs));
    case "$bytes":
      if (typeof content === "string") return fromBase64(content);
      break;
    case "$float":
      if (content === "NaN" || content === "Infinity" || content === "-Infinity") {
        return Number(content);
      }
      break;
    case "$object":
      if (isObject(content)) return decodeEntries(Object.entries(content), blobs, depth);
      break;
  }
  throw new ProtocolError(`a value had a malformed tag ${JSON.stringify(tag.slice(0, 40))}`);
}

function fromBase64(text: string): Uint8Array {
  let binary: string;
  try {
    binary = atob(text);
  } catch (error) {
    throw new ProtocolError("a value had malformed bytes", { cause: error });
  }
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function blobAt(index: unknown, blobs: readonly Uint8Array[]): Uint8Array {
  const blob = typeof index === "number" ? blobs[index] : undefined;
  if (blob === undefined) throw new ProtocolError("a value named a blob that does not exist");
  return new Uint8Array(blob.buffer, blob.byteOffset, blob.byteLength);
}

/** Whether a JSON value stays within {@link maxValueDepth}. */
export function isShallow(value: unknown, depth = 0): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (depth >= maxValueDepth) return false;
  for (const item of Object.values(value)) {
    if (!isShallow(item, depth + 1)) return false;
  }
  return true;
}
