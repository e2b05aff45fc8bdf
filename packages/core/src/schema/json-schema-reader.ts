import type { JsonSchema } from "../executor/tool-call.js";
import type { JsonObject, JsonValue } from "../json.js";

/** Whether a JSON value is an object, and so a schema that is not `true` or `false`. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The strings of a list, such as `required`. */
export function stringsOf(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** The schemas of `anyOf` or `oneOf`, if it has any. */
export function optionsOf(schema: JsonSchema): JsonValue[] | undefined {
  const options = schema["anyOf"] ?? schema["oneOf"];
  return Array.isArray(options) ? options : undefined;
}

/** Reads a JSON Schema document: follows references and merges `allOf`. */
export class JsonSchemaReader {
  readonly root: JsonSchema;

  constructor(root: JsonSchema) {
    this.root = root;
  }

  /**
   * What a reference within the document points at; references to references are followed.
   * @throws `Error` when it points outside, at nothing, or at itself.
   */
  resolve(reference: string): JsonValue {
    const visited = new Set<string>();
    let target: JsonValue = { $ref: reference };
    while (isJsonObject(target) && typeof target["$ref"] === "string") {
      const pointer: string = target["$ref"];
      if (visited.has(pointer)) throw new Error(`The reference ${pointer} points at itself.`);
      visited.add(pointer);
      target = this.#lookUp(pointer);
    }
    return target;
  }

  /**
   * The schema with the members of `allOf` merged into it, and with the target of a `$ref` in its
   * place. A boolean schema becomes an object.
   */
  flatten(schema: JsonValue, open: readonly JsonValue[] = []): JsonObject {
    if (schema === false) return { not: {} };
    if (!isJsonObject(schema) || open.includes(schema)) return {};
    const path = [...open, schema];
    const reference = schema["$ref"];
    const parts = [
      ...(typeof reference === "string" ? [this.resolve(reference)] : []),
      ...(Array.isArray(schema["allOf"]) ? schema["allOf"] : []),
    ];
    const { $ref: _reference, allOf: _members, ...own } = schema;
    return parts.reduce<JsonObject>((merged, part) => merge(merged, this.flatten(part, path)), own);
  }

  /** Whether `null` is valid; also where anything is. */
  acceptsNull(schema: JsonValue): boolean {
    const flat = this.flatten(schema);
    if ("not" in flat) return false;
    if ("const" in flat) return flat["const"] === null;
    if (Array.isArray(flat["enum"])) return flat["enum"].includes(null);
    const { type } = flat;
    if (type !== undefined) return Array.isArray(type) ? type.includes("null") : type === "null";
    const options = optionsOf(flat);
    return options === undefined || options.some((option) => this.acceptsNull(option));
  }

  #lookUp(pointer: string): JsonValue {
    if (!pointer.startsWith("#")) {
      throw new Error(
        `The reference ${pointer} leaves the document. Put the schema into its $defs.`,
      );
    }
    let target: JsonValue = this.root;
    for (const token of pointer.slice(1).split("/").slice(1)) {
      const key = decodeURIComponent(token).replace(/~1/g, "/").replace(/~0/g, "~");
      const next: JsonValue | undefined = Array.isArray(target)
        ? target[Number(key)]
        : isJsonObject(target) && Object.hasOwn(target, key)
          ? target[key]
          : undefined;
      if (next === undefined) throw new Error(`The reference ${pointer} points at nothing.`);
      target = next;
    }
    return target;
  }
}

/** What is said first counts, save for properties, which add up. */
function merge(first: JsonObject, second: JsonObject): JsonObject {
  const merged: JsonObject = { ...second, ...first };
  const [ones, others] = [first["properties"], second["properties"]];
  if (isJsonObject(ones) && isJsonObject(others)) {
    const both = new Map(Object.entries(ones));
    for (const [name, schema] of Object.entries(others)) {
      const one = both.get(name);
      both.set(name, one === undefined ? schema : { allOf: [one, schema] });
    }
    merged["properties"] = Object.fromEntries(both);
  }
  const required = new Set([...stringsOf(first["required"]), ...stringsOf(second["required"])]);
  if (required.size > 0) merged["required"] = [...required];
  return merged;
}
