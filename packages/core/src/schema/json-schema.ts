import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec";
import * as z from "zod";
import { CodeActError } from "../errors/codeact-error.js";
import type { JsonSchema } from "../executor/tool-call.js";

/**
 * Gives a JSON Schema document a TypeScript type, so that a tool which is described by one infers
 * its input. The type is a promise of yours: the document is not compared with it.
 *
 * Values are validated by zod's `fromJSONSchema` (zod 4.3 or newer), which fills in defaults,
 * reads draft 2020-12, draft 7 and draft 4, follows references within the document, and knows
 * neither `if`, `not`, `dependentRequired` nor `unevaluatedProperties`.
 *
 * @throws `CodeActError` with code `invalid-tool` when zod cannot validate by this document.
 * @example
 * ```ts
 * const search = tool({
 *   name: "search",
 *   description: "Searches the catalogue.",
 *   inputSchema: jsonSchema<{ query: string }>({
 *     type: "object",
 *     properties: { query: { type: "string" } },
 *     required: ["query"],
 *   }),
 *   execute: async ({ query }) => catalogue.search(query),
 * });
 * ```
 */
export function jsonSchema<T = unknown>(
  document: object,
): StandardSchemaV1<T> & StandardJSONSchemaV1<T> {
  const validator = documentValidator(document as JsonSchema);
  const toDocument = () => document as Record<string, unknown>;
  return {
    "~standard": {
      version: 1,
      vendor: "codeact",
      validate: (value) => validator.validate(value) as StandardSchemaV1.Result<T>,
      jsonSchema: { input: toDocument, output: toDocument },
    },
  };
}

const validators = new WeakMap<JsonSchema, StandardSchemaV1.Props>();

/** The validator of a plain JSON Schema document, made once per document. */
export function documentValidator(document: JsonSchema): StandardSchemaV1.Props {
  let validator = validators.get(document);
  if (validator === undefined) {
    validator = makeValidator(document);
    validators.set(document, validator);
  }
  return validator;
}

function makeValidator(document: JsonSchema): StandardSchemaV1.Props {
  // The peer range allows versions of zod that do not have it yet.
  const fromJsonSchema = z.fromJSONSchema as typeof z.fromJSONSchema | undefined;
  if (fromJsonSchema === undefined) {
    throw new CodeActError(
      "invalid-tool",
      "A plain JSON Schema document cannot be used with the installed zod: it has no fromJSONSchema. Install zod 4.3 or newer, or write the schema with zod.",
    );
  }
  try {
    // A registry of its own: titles and ids of foreign documents must not reach zod's global one.
    return fromJsonSchema(document, { registry: z.registry(), defaultTarget: dialectOf(document) })[
      "~standard"
    ];
  } catch (cause) {
    throw new CodeActError(
      "invalid-tool",
      `A JSON Schema document cannot be used for validation: ${cause instanceof Error ? cause.message : String(cause)}. Remove that part from the document and check it in execute, or write the schema with zod.`,
      { cause },
    );
  }
}

/** For documents without `$schema`: the dialect whose keyword for definitions is used. */
function dialectOf(document: JsonSchema): "draft-7" | "draft-2020-12" {
  return "definitions" in document && !("$defs" in document) ? "draft-7" : "draft-2020-12";
}
