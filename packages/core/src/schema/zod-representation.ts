import type * as z from "zod";
import type { Schema } from "./schema.js";
import type { SchemaSide } from "./to-json-schema.js";

type OverrideContext = Parameters<
  NonNullable<NonNullable<Parameters<typeof z.toJSONSchema>[1]>["override"]>
>[0];
type JsonDocument = Record<string, unknown>;

/** Whether `schema` was made by zod 4, in any copy or version. */
export function isZodSchema(schema: Schema): schema is Schema & z.core.$ZodType {
  return "_zod" in schema;
}

const problems: { [kind: string]: string } = {
  literal: "is a bigint literal, which JSON lacks. Use a number or a string",
  bigint: "is a bigint, which JSON lacks. Use z.int(), z.coerce.bigint(), or a string",
  date: "is a date, which JSON lacks. Use z.coerce.date() or z.iso.datetime()",
  map: "is a Map, which JSON lacks. Use z.record()",
  set: "is a Set, which JSON lacks. Use z.array()",
  symbol: "is a symbol, which cannot leave JavaScript",
  function: "is a function, which cannot leave JavaScript",
  file: "is a File. Use z.instanceof(Uint8Array), which is bytes in Python",
  custom:
    "is a custom type, of which only your code knows the shape. Describe it by .meta({ type: … }), or use a schema of plain data",
  transform:
    "is what a transform returns, of which only your code knows the shape. Add .pipe() with a schema after it",
};

/**
 * Gives JSON Schema to what zod itself has none for, where the mapping of values between Python
 * and the host has a meaning for it, and collects the rest as problems with their paths.
 */
export class ZodRepresentation {
  readonly #side: SchemaSide;
  readonly #problems = new Map<string, string>();

  constructor(side: SchemaSide) {
    this.#side = side;
  }

  /** To be called by zod for every schema that it has converted, the inner ones first. */
  override({ zodSchema, jsonSchema, path }: OverrideContext): void {
    const document = jsonSchema as JsonDocument;
    // Wrappers stand at the path of what they wrap.
    const place = JSON.stringify(path);
    const metadata = metadataOf(zodSchema);
    for (const [key, value] of Object.entries(metadata)) {
      if (key !== "id") document[key] ??= value;
    }
    if (typeKeywords.some((keyword) => keyword in metadata)) {
      this.#problems.delete(place);
      return;
    }
    const representation = this.#represent(zodSchema);
    if (representation !== undefined) {
      Object.assign(document, representation);
      return;
    }
    const problem = problemOf(zodSchema);
    if (problem !== undefined) this.#problems.set(place, `${readablePath(path)} ${problem}.`);
  }

  /** @throws `Error` that names every part without a JSON Schema. */
  throwProblems(): void {
    if (this.#problems.size === 0) return;
    throw new Error([...this.#problems.values()].join(" "));
  }

  #represent(schema: z.core.$ZodType): JsonDocument | undefined {
    const definition = (schema as z.core.$ZodTypes)._zod.def;
    const leaves = this.#side === "output";
    switch (definition.type) {
      // Sent as an ISO string; taken from one only where zod makes a date of it.
      case "date":
        return leaves || isCoerced(definition)
          ? { type: "string", format: "date-time" }
          : undefined;
      case "bigint":
        return leaves || isCoerced(definition) ? { type: "integer" } : undefined;
      case "undefined":
      case "void":
        return leaves ? { type: "null" } : { not: {} };
      case "nan":
        return { type: "number" };
      case "custom":
        return isBytes(schema) ? { type: "string", format: "binary" } : undefined;
      default:
        return undefined;
    }
  }
}

function problemOf(schema: z.core.$ZodType): string | undefined {
  const definition = (schema as z.core.$ZodTypes)._zod.def;
  if (definition.type !== "literal") return problems[definition.type];
  const hasBigint = definition.values.some((value) => typeof value === "bigint");
  return hasBigint ? problems["literal"] : undefined;
}

function isCoerced(definition: object): boolean {
  return "coerce" in definition && definition.coerce === true;
}

function isBytes(schema: z.core.$ZodType): boolean {
  const { Class: constructor } = schema._zod.bag;
  return constructor === Uint8Array;
}

/**
 * The metadata of a schema, from the schema: one of another copy of zod is in that copy's registry,
 * which the peer does not read.
 */
function metadataOf(schema: z.core.$ZodType): JsonDocument {
  const metadata: unknown =
    "meta" in schema && typeof schema.meta === "function" ? schema.meta() : undefined;
  return typeof metadata === "object" && metadata !== null ? (metadata as JsonDocument) : {};
}

// By these, a user says what a schema of his own is in JSON.
const typeKeywords = ["type", "$ref", "anyOf", "oneOf", "allOf", "enum", "const"];

/** `["properties", "rows", "items"]` → `rows[]`. */
function readablePath(path: readonly (string | number)[]): string {
  let text = "";
  for (let index = 0; index < path.length; index += 1) {
    const keyword = path[index];
    if (keyword === "properties") {
      index += 1;
      text += text === "" ? String(path[index]) : `.${path[index]}`;
    } else if (keyword === "items" || keyword === "prefixItems") {
      text += "[]";
    } else if (keyword === "additionalProperties") {
      text += "[*]";
    }
  }
  return text === "" ? "The whole value" : JSON.stringify(text);
}
