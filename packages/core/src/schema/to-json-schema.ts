import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec";
import * as z from "zod";
import { CodeActError } from "../errors/codeact-error.js";
import type { ErrorCode } from "../errors/error-code.js";
import type { JsonSchema } from "../executor/tool-call.js";
import { documentValidator } from "./json-schema.js";
import { isStandardSchema, type Schema } from "./schema.js";
import { isZodSchema, ZodRepresentation } from "./zod-representation.js";

/** Which side of a schema: what validation takes, or what it gives. */
export type SchemaSide = "input" | "output";

/** How errors name the schema. */
export interface SchemaOwner {
  /** @defaultValue `"invalid-tool"` */
  code?: ErrorCode;
  /** For example `The inputSchema of tool "search"`. */
  label: string;
}

/**
 * The JSON Schema (draft 2020-12) of one side of a schema.
 * @throws `CodeActError` with the owner's code when the schema has none.
 */
export function toJsonSchema(schema: Schema, side: SchemaSide, owner: SchemaOwner): JsonSchema {
  const fail = (problem: string, cause?: unknown) =>
    new CodeActError(owner.code ?? "invalid-tool", `${owner.label} ${problem}`, { cause });
  if (schema === null || (typeof schema !== "object" && typeof schema !== "function")) {
    throw fail("is not a schema. Pass a zod schema, another Standard Schema, or a JSON Schema.");
  }
  try {
    if (!isStandardSchema(schema)) {
      documentValidator(schema);
      return schema;
    }
    if (isZodSchema(schema)) return zodToJsonSchema(schema, side);
    if (hasJsonSchema(schema)) {
      const document = schema["~standard"].jsonSchema[side]({ target: "draft-2020-12" });
      return document as JsonSchema;
    }
  } catch (cause) {
    throw fail(`is unusable: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  const vendor = schema["~standard"].vendor;
  throw fail(
    vendor === "zod"
      ? "is a schema of zod 3, which cannot give JSON Schema. Use zod 4."
      : `comes from ${vendor}, which gives no JSON Schema here. Use a version that implements Standard JSON Schema, zod 4, or jsonSchema().`,
  );
}

/**
 * By the peer's function and not by the Standard JSON Schema of the schema itself: only that reads
 * schemas of copies of zod that lack the trait, also inside schemas of copies that have it.
 */
function zodToJsonSchema(schema: z.core.$ZodType, side: SchemaSide): JsonSchema {
  const representation = new ZodRepresentation(side);
  const document = z.toJSONSchema(schema, {
    target: "draft-2020-12",
    io: side,
    unrepresentable: "any",
    override: (context) => representation.override(context),
  });
  representation.throwProblems();
  return document as JsonSchema;
}

function hasJsonSchema<T extends { "~standard": object }>(
  schema: T,
): schema is T & StandardJSONSchemaV1 & StandardSchemaV1 {
  return "jsonSchema" in schema["~standard"];
}
