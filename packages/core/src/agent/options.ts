import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Action, ActionFormat } from "../action-format/contract.js";
import type { AgentEvent, DurableEvent } from "../events/event.js";
import type { Executor } from "../executor/executor.js";
import type { WireValue } from "../executor/tool-call.js";
import type { JsonObject } from "../json.js";
import type { Message } from "../model/message.js";
import type { Model } from "../model/model.js";
import type { UsageTotal } from "../model/usage.js";
import type { Tool } from "../tool/tool.js";
import type { Limits } from "./limits.js";
import type { RetryOptions } from "./retry.js";

/** A tool of any input and output type. */
export type AnyTool<TContext = unknown> = Tool<never, unknown, TContext>;

/** Where a run stands, for the callbacks that steer it. */
export interface StepContext<TContext = unknown> {
  runId: string;
  /** `prepareStep`: the step about to begin; `stopWhen`: the one that ended. From 1. */
  step: number;
  /** The conversation so far. */
  messages: readonly Message[];
  /** The run's durable events so far. */
  events: readonly DurableEvent[];
  usage: UsageTotal;
  context: TContext;
  signal: AbortSignal;
}

/** What `prepareStep` may change for one request. */
export interface StepSettings {
  /**
   * Sent instead of the conversation, with old images and neighbouring user messages treated as
   * there. The conversation itself is not changed.
   */
  messages?: readonly Message[];
  /** Asked instead of the agent's model. */
  model?: Model;
  temperature?: number;
  maxOutputTokens?: number;
  seed?: number;
}

/** What `checkAnswer` is told besides the answer. */
export interface AnswerContext<TContext = unknown> {
  runId: string;
  context: TContext;
  signal: AbortSignal;
  /** How many answers of this run it has rejected before. */
  rejected: number;
}

/** A question to the `approve` callback. */
export type ApprovalRequest<TContext = unknown> = {
  runId: string;
  step: number;
  context: TContext;
  /** Aborts when the answer is no longer needed. */
  signal: AbortSignal;
} & (
  | { type: "action"; action: Action }
  | {
      type: "tool-call";
      toolCallId: string;
      name: string;
      input: WireValue;
    }
);

/** The answer of the `approve` callback. */
export type ApprovalDecision =
  | { decision: "allow" }
  /** The model reads the reason. */
  | { decision: "deny"; reason: string }
  /** Code instead of the action's, for a code action. */
  | { decision: "edit"; code: string }
  /** Input instead of the call's, for a tool call or a call action. */
  | { decision: "edit"; input: JsonObject };

/** The definition of an agent. */
export interface AgentOptions<TOutput = string, TContext = unknown> {
  /** Who writes the code. */
  model: Model;
  /** Where Python runs. Needed unless the action format uses no interpreter. */
  executor?: Executor;
  /** Functions of your application that the code can call. @defaultValue none */
  tools?: readonly AnyTool<TContext>[];
  /** Added to the system prompt: who the agent is, what it should know and heed. */
  instructions?: string;
  /** How the model writes actions. @defaultValue `codeFormat()` */
  actionFormat?: ActionFormat;
  /**
   * The type of the answer: a Standard Schema (zod 4 …). A JSON Schema document gets its type by
   * `jsonSchema<T>(document)`. @defaultValue a string
   */
  outputSchema?: StandardSchemaV1<unknown, TOutput>;
  /**
   * Judges an answer that fits the schema. A returned string is sent to the model as feedback and
   * the run goes on; `undefined` accepts.
   */
  checkAnswer?(
    answer: TOutput,
    context: AnswerContext<TContext>,
  ): string | undefined | Promise<string | undefined>;
  /** Bounds of each run. */
  limits?: Partial<Limits>;
  /**
   * Asked before every action, and before each call of a tool with `needsApproval`, while Python
   * waits and its clock stands. @defaultValue everything is allowed
   */
  approve?(request: ApprovalRequest<TContext>): ApprovalDecision | Promise<ApprovalDecision>;
  /** Called before each request; what it returns holds for that request only. */
  prepareStep?(
    context: StepContext<TContext>,
  ): StepSettings | undefined | Promise<StepSettings | undefined>;
  /** Called after each step without an answer; `true` ends the run with status `stopped`. */
  stopWhen?(context: StepContext<TContext>): boolean | Promise<boolean>;
  /** How failed model requests are tried again. */
  retry?: RetryOptions;
  /** Names the agent in events and as a tool. @defaultValue `"agent"` */
  name?: string;
  /** What the agent does; describes it as a tool. */
  description?: string;
}

/** What holds for one run. */
export interface RunOptions<TContext = unknown> {
  /** Ends the run; `run` then rejects with `signal.reason`. */
  signal?: AbortSignal;
  /** Handed to every tool and callback. */
  context?: TContext;
  /** Receives the events of this run and of its sub-agents. A failure in it changes nothing. */
  onEvent?: (event: AgentEvent) => void | Promise<void>;
}
