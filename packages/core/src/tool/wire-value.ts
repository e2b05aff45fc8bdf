import type { WireValue } from "../executor/tool-call.js";
import type { JsonValue } from "../json.js";
import { pathStep } from "../schema/validate.js";
import { toBase64 } from "../base64.js";

/**
 * Maps what a tool returned to what can be sent to Python: `undefined` becomes `null` (an object's
 * undefined members are left out, as in JSON), bytes stay bytes, a `Date` becomes an ISO string, a
 * `Map` an object, a `Set` and a typed array an array; `toJSON` is respected; other instances give
 * their own properties.
 * @throws `TypeError` that names the place of a value which has no counterpart in Python.
 */
export function toWireValue(value: unknown): WireValue {
  return map(value, { keys: [], ancestors: new Set() });
}

/**
 * The JSON form of a wire value, for events and stored trajectories: bytes, non-finite numbers and
 * objects that look like a tag become tagged objects, as in the runtime protocol.
 */
export function toJsonSafe(value: WireValue): JsonValue {
  if (typeof value === "number") {
    // JSON writes -0 as 0.
    return Number.isFinite(value) ? value + 0 : { $float: String(value) };
  }
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) return { $bytes: toBase64(value) };
  if (Array.isArray(value)) return value.map(toJsonSafe);
  const entries = Object.entries(value);
  const object = Object.fromEntries(entries.map(([key, item]) => [key, toJsonSafe(item)]));
  const looksTagged = entries.length === 1 && entries[0]?.[0].startsWith("$") === true;
  return looksTagged ? { $object: object } : object;
}

interface Place {
  keys: PropertyKey[];
  /** The objects that contain this place, to find cycles. */
  ancestors: Set<object>;
}

function map(value: unknown, place: Place): WireValue {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return value;
    case "undefined":
      return null;
    case "bigint":
      return mapBigint(value, place);
    case "object":
      return value === null ? null : mapObject(value, place);
    default:
      throw unmappable(`a ${typeof value}`, place);
  }
}

function mapBigint(value: bigint, place: Place): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw unmappable("an integer beyond 2^53 - 1 (return it as a string)", place);
}

function mapObject(value: object, place: Place): WireValue {
  if (value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) {
    return value instanceof DataView
      ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
      : mapArray(Array.from(value as unknown as ArrayLike<unknown>), value, place);
  }
  if (value instanceof Date && Number.isNaN(value.getTime())) {
    throw unmappable("an invalid date", place);
  }
  if ("toJSON" in value && typeof value.toJSON === "function") {
    const inside = enter(value, place);
    const json: unknown = value.toJSON(String(place.keys.at(-1) ?? ""));
    // The value itself may come back; it is then read as a plain object.
    const mapped = json === value ? mapEntries(Object.entries(value), inside) : map(json, inside);
    inside.ancestors.delete(value);
    return mapped;
  }
  if (Array.isArray(value)) return mapArray(value, value, place);
  if (value instanceof Set) return mapArray([...value], value, place);
  if (value instanceof Error) throw unmappable("an error (throw it instead)", place);
  if ("then" in value && typeof value.then === "function") {
    throw unmappable("a promise (await it)", place);
  }
  const inside = enter(value, place);
  const mapped = mapEntries(value instanceof Map ? value : Object.entries(value), inside);
  inside.ancestors.delete(value);
  return mapped;
}

function mapArray(items: readonly unknown[], identity: object, place: Place): WireValue[] {
  const inside = enter(identity, place);
  // Array.from visits the holes of a sparse array too.
  const mapped = Array.from(items, (item, index) => {
    inside.keys.push(index);
    const result = map(item, inside);
    inside.keys.pop();
    return result;
  });
  inside.ancestors.delete(identity);
  return mapped;
}

function mapEntries(
  entries: Iterable<readonly [unknown, unknown]>,
  place: Place,
): { [key: string]: WireValue } {
  const mapped: [string, WireValue][] = [];
  for (const [key, item] of entries) {
    if (typeof key !== "string" && typeof key !== "number") {
      throw unmappable(`a map with a key of type ${typeof key}`, place);
    }
    if (item === undefined) continue;
    place.keys.push(key);
    mapped.push([String(key), map(item, place)]);
    place.keys.pop();
  }
  // Unlike assignment, this makes an own property of "__proto__" too.
  return Object.fromEntries(mapped);
}

function enter(value: object, place: Place): Place {
  if (place.ancestors.has(value)) throw unmappable("an object that contains itself", place);
  place.ancestors.add(value);
  return place;
}

function unmappable(what: string, { keys }: Place): TypeError {
  const where = keys.reduce<string>((text, key) => text + pathStep(key, text === ""), "");
  return new TypeError(`${where === "" ? "the value" : where} is ${what}, which Python cannot get`);
}
