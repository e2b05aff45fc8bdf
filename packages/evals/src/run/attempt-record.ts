import type { JsonObject, JsonValue, Trajectory, UsageTotal } from "@codeact/core";
import { z } from "zod";
import { type FormatName, formatNames } from "../suite/format.js";

/** What identifies one attempt in an evaluation. */
export interface AttemptKey {
  /** The task's id. */
  task: string;
  family: string;
  format: FormatName;
  /** From 1. */
  repeat: number;
}

/** What happened in an attempt, without its transcript. */
export interface AttemptResult extends AttemptKey {
  type: "attempt";
  success: boolean;
  /** As the agent's run ended. */
  status: string;
  /** Messages of the model. */
  turns: number;
  /** Actions that were carried out. */
  actions: number;
  /** Actions whose observation was an error, a timeout or the like. */
  failedActions: number;
  toolCalls: number;
  usage: UsageTotal;
  durationMs: number;
  answer?: JsonValue;
  expected?: JsonValue;
}

/** An attempt as the journal holds it. */
export interface AttemptRecord extends AttemptResult {
  trajectory: Trajectory;
}

/** An attempt that a fault of the infrastructure ended: no result, and tried again by the next run. */
export interface FaultRecord extends AttemptKey {
  type: "fault";
  error: { message: string; code?: string };
  durationMs: number;
}

/** What an evaluation measures; all attempts of one journal share it. */
export interface EvaluationHeader {
  format: "codeact-evaluation";
  version: 1;
  suite: string;
  /** Of the suite, for example its protocol. */
  settings: JsonObject;
  /** `Model.id`. */
  model: string;
  limits: JsonObject;
  sampling: JsonObject;
  /** `Suite.taskHash`; absent where the suite has none, and in journals of earlier releases. */
  taskHash?: string;
}

const json = z.json();
const count = z.number();

const key = {
  task: z.string(),
  family: z.string(),
  format: z.enum(formatNames as [FormatName, ...FormatName[]]),
  repeat: z.int().min(1),
};

/** Validates a line of a journal; unknown members stay. */
export const recordSchema = z.discriminatedUnion("type", [
  z.looseObject({
    type: z.literal("attempt"),
    ...key,
    success: z.boolean(),
    status: z.string(),
    turns: count,
    actions: count,
    failedActions: count,
    toolCalls: count,
    usage: z.looseObject({
      inputTokens: count,
      outputTokens: count,
      cachedInputTokens: count,
      reasoningTokens: count,
      requests: count,
      complete: z.boolean(),
    }),
    durationMs: count,
    answer: json.optional(),
    expected: json.optional(),
    // Its events are validated by whoever reads them: most readers of a journal do not.
    trajectory: z.looseObject({
      version: z.literal(1),
      runId: z.string(),
      events: z.array(z.unknown()),
    }),
  }),
  z.looseObject({
    type: z.literal("fault"),
    ...key,
    error: z.looseObject({ message: z.string(), code: z.string().optional() }),
    durationMs: count,
  }),
]);

/** Validates the first line of a journal. */
export const headerSchema = z.looseObject({
  format: z.literal("codeact-evaluation"),
  version: z.literal(1),
  suite: z.string(),
  settings: z.record(z.string(), json),
  model: z.string(),
  limits: z.record(z.string(), json),
  sampling: z.record(z.string(), json),
  taskHash: z.string().optional(),
});

/** One text for each attempt of an evaluation. */
export function attemptId({ task, format, repeat }: AttemptKey): string {
  return `${task} ${format} ${repeat}`;
}

/** The record without its transcript. */
export function withoutTranscript({ trajectory: _, ...result }: AttemptRecord): AttemptResult {
  return result;
}
