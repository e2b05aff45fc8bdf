import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { InstructionsContext } from "../action-format/contract.js";
import type {
  JsonSchema,
  ToolCallOutcome,
  ToolDeclaration,
  WireValue,
} from "../executor/tool-call.js";
import type { JsonValue } from "../json.js";
import { validate } from "../schema/validate.js";
import { describeAnswer, finalAnswerName } from "../tool/answer-declaration.js";
import { toJsonSafe } from "../tool/wire-value.js";
import { callCallback } from "./callback.js";

/** An answer that fits the schema. */
export interface Answer<TOutput> {
  output: TOutput;
  /** What the model gave, before the schema transformed it. */
  json: JsonValue;
}

/** How answers are declared to Python, described to the model, and checked. */
export interface AnswerSchema<TOutput> {
  declaration: ToolDeclaration;
  description: InstructionsContext["answer"];
  /** Checks a value; `issues` says what does not fit, in words for the model. */
  check(value: WireValue, signal: AbortSignal): Promise<AnswerCheck<TOutput>>;
}

/** The outcome of a check. */
export type AnswerCheck<TOutput> =
  | { ok: true; answer: Answer<TOutput> }
  | { ok: false; issues: string };

/** Prepares the schema of an agent's answers; without one they are text. */
export function resolveAnswerSchema<TOutput>(
  schema: StandardSchemaV1<unknown, TOutput> | JsonSchema | undefined,
): AnswerSchema<TOutput> {
  const { declaration, description } = describeAnswer(schema);
  return {
    declaration,
    description,
    async check(value, signal) {
      const json = toJsonSafe(value);
      if (!schema) {
        // Python sends str(value); the JSON and text formats may send something else.
        const text = typeof value === "string" ? value : JSON.stringify(json);
        return { ok: true, answer: { output: text as TOutput, json: text } };
      }
      const checked = await callCallback("outputSchema", signal, () =>
        validate<TOutput>(schema, value),
      );
      return checked.ok
        ? { ok: true, answer: { output: checked.value, json } }
        : { ok: false, issues: checked.issues };
    },
  };
}

/** Answers a call of `final_answer`: a bad value raises in the cell, a good one ends it. */
export async function answerByCall<TOutput>(
  schema: AnswerSchema<TOutput>,
  input: WireValue,
  signal: AbortSignal,
  accept: (answer: Answer<TOutput>) => void,
): Promise<ToolCallOutcome> {
  const value = isObject(input) && "value" in input ? (input["value"] ?? null) : null;
  const checked = await schema.check(value, signal);
  if (checked.ok) {
    accept(checked.answer);
    return { ok: true, value: null, endCell: true };
  }
  const { type } = schema.description;
  const message = `${finalAnswerName}() takes a value of type ${type}. ${checked.issues}`;
  return { ok: false, error: { type: "ValueError", message } };
}

/**
 * Reads an answer that was written as text: as it is where the schema takes a string, as JSON
 * otherwise.
 */
export async function answerByText<TOutput>(
  schema: AnswerSchema<TOutput>,
  text: string,
  signal: AbortSignal,
): Promise<AnswerCheck<TOutput>> {
  const raw = await schema.check(text, signal);
  if (raw.ok) return raw;
  const json = parseJson(text);
  if (json !== undefined) return schema.check(json, signal);
  return {
    ok: false,
    issues: `The answer must be a value of type ${schema.description.type}, and this text is not JSON.`,
  };
}

/** JSON alone or as the only content of a code fence. */
function parseJson(text: string): JsonValue | undefined {
  const fenced = /^\s*```\w*\n([\s\S]*?)\n?```\s*$/.exec(text);
  try {
    return JSON.parse(fenced?.[1] ?? text) as JsonValue;
  } catch {
    return undefined;
  }
}

function isObject(value: WireValue): value is { [key: string]: WireValue } {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array)
  );
}
