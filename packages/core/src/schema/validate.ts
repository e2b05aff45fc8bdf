import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { JsonSchema } from "../executor/tool-call.js";
import { documentValidator } from "./json-schema.js";
import { isStandardSchema } from "./schema.js";

/** What validation made of a value. */
export type Validation<T = unknown> =
  | { ok: true; value: T }
  | {
      ok: false;
      /** What is wrong, as `path: message`, several joined by `; `. */
      issues: string;
      /** Whether a part has the wrong type or shape, and not only a forbidden value. */
      wrongType: boolean;
    };

/**
 * Validates `value`, and gives the parsed value: defaults filled in, transforms applied. Rejects
 * only when the schema's own code throws.
 */
export async function validate<T>(
  schema: StandardSchemaV1<unknown, T> | JsonSchema,
  value: unknown,
): Promise<Validation<T>> {
  const validator = isStandardSchema(schema) ? schema["~standard"] : documentValidator(schema);
  const result = await validator.validate(value);
  if (result.issues === undefined) return { ok: true, value: result.value as T };
  return {
    ok: false,
    issues: result.issues.map(formatIssue).join("; "),
    wrongType: result.issues.some(isTypeIssue),
  };
}

function formatIssue(issue: StandardSchemaV1.Issue): string {
  const path = (issue.path ?? [])
    .map((segment) => (typeof segment === "object" ? segment.key : segment))
    .reduce<string>((text, key) => text + pathStep(key, text === ""), "");
  return path === "" ? issue.message : `${path}: ${issue.message}`;
}

/** One step of a path as JavaScript and Python both write it: `.name`, `[0]` or `["odd name"]`. */
export function pathStep(key: PropertyKey, isFirst: boolean): string {
  if (typeof key === "number") return `[${key}]`;
  const name = String(key);
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) return `[${JSON.stringify(name)}]`;
  return isFirst ? name : `.${name}`;
}

// Standard Schema has no codes. zod's issues carry one; those of other libraries count as values.
function isTypeIssue(issue: StandardSchemaV1.Issue): boolean {
  const code: unknown = "code" in issue ? issue.code : undefined;
  return code === "invalid_type" || code === "unrecognized_keys";
}
