import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { JsonSchema } from "../executor/tool-call.js";

/**
 * A schema of tool inputs, tool outputs or answers: any Standard Schema whose library can also
 * give JSON Schema (zod 4 first), or a plain JSON Schema document.
 */
export type Schema = StandardSchemaV1 | JsonSchema;

/** Whether `schema` follows the Standard Schema specification; otherwise it is a document. */
export function isStandardSchema(schema: Schema): schema is StandardSchemaV1 {
  const standard: unknown = (schema as { "~standard"?: unknown })["~standard"];
  return (
    typeof standard === "object" &&
    standard !== null &&
    "validate" in standard &&
    typeof standard.validate === "function"
  );
}
