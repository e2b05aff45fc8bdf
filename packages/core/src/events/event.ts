import type { Action } from "../action-format/contract.js";
import type { ErrorCode } from "../errors/error-code.js";
import type { ExecutionStatus, PythonError } from "../executor/execution-result.js";
import type { Output } from "../executor/output.js";
import type { ToolCallError } from "../executor/tool-call.js";
import type { JsonValue } from "../json.js";
import type { AssistantMessage, ImagePart, Message } from "../model/message.js";
import type { FinishReason } from "../model/model.js";
import type { Usage, UsageTotal } from "../model/usage.js";

/*
 * The order of the events of one run (one `runId`):
 *
 *   run         := start step* terminal
 *   step        := step-start message-part* [message] body step-finish
 *   message-part:= message-delta | reasoning-delta
 *   body        := [feedback] | acted* [feedback]
 *   acted       := action [approval-request approval-result] during* observation
 *   during      := output | tool-call … tool-result | approval-request … approval-result
 *   feedback    := observation without an `actionId`
 *   terminal    := finish | error
 *
 * Tool calls of several Python threads overlap, so `tool-call` and `tool-result` pair by
 * `toolCallId`, not by position; so do approvals by `approvalId`. All of them are closed before
 * the observation of their action. What is open when a run ends is closed first, in order. A
 * `message-part` of a failed attempt may be followed by nothing but `step-finish`. The terminal
 * event is the last of its run and comes exactly once. Events of a sub-agent carry their own
 * `runId` and lie between the `tool-call` and the `tool-result` of their `parentToolCallId` in the run
 * `parentRunId`.
 */

/** What every event of a run carries. */
export interface EventBase {
  /** The run that the event belongs to. */
  runId: string;
  /** The session of the run. */
  sessionId: string;
  /** The outermost run; equal to `runId` except in a sub-agent. */
  rootRunId: string;
  /** In a sub-agent, the run whose code called it. */
  parentRunId?: string;
  /** In a sub-agent, the call in that run by which it was started. */
  parentToolCallId?: string;
  /** 0, and one more for each level of sub-agents. */
  depth: number;
  /** Position among the events of the run, from 0. */
  sequence: number;
  /** When it happened, as an ISO 8601 string. */
  time: string;
}

/** The run began. */
export interface StartEvent extends EventBase {
  type: "start";
  agent: { name: string; description?: string };
  /** `Model.id`. */
  model: string;
  /** `ActionFormat.name`. */
  actionFormat: string;
  /** `Executor.name`; absent where the format needs none. */
  executor?: string;
  /** The conversation before the first step: instructions, earlier runs, the task. */
  messages: Message[];
}

/** A step began: the model is about to be asked. */
export interface StepStartEvent extends EventBase {
  type: "step-start";
  /** From 1. */
  step: number;
  /** `Model.id`, where `prepareStep` replaced the model. */
  model?: string;
  /** The messages really sent, where `prepareStep` replaced them. */
  messages?: Message[];
}

/** A piece of the model's text. Transient: not part of the trajectory. */
export interface MessageDeltaEvent extends EventBase {
  type: "message-delta";
  step: number;
  text: string;
}

/** A piece of the model's reasoning. Transient. */
export interface ReasoningDeltaEvent extends EventBase {
  type: "reasoning-delta";
  step: number;
  text: string;
}

/** The model's message is complete. */
export interface MessageEvent extends EventBase {
  type: "message";
  step: number;
  /** As it goes into the conversation. */
  message: AssistantMessage;
  finishReason: FinishReason;
  /** What the provider reported for this message. */
  usage?: Usage;
}

/** The model acts. */
export interface ActionEvent extends EventBase {
  type: "action";
  step: number;
  /** Pairs the action with its observation; unique in the session. */
  actionId: string;
  /** What the model said besides the action; on the first action of a message. */
  thought: string;
  action: Action;
}

/** Somebody is asked whether an action or a tool call may proceed. */
export interface ApprovalRequestEvent extends EventBase {
  type: "approval-request";
  step: number;
  approvalId: string;
  actionId: string;
  /** The tool call, where not the whole action is in question. */
  toolCall?: { toolCallId: string; name: string; input: JsonValue };
}

/** The answer to an `approval-request`. */
export interface ApprovalResultEvent extends EventBase {
  type: "approval-result";
  step: number;
  approvalId: string;
  actionId: string;
  /** `aborted`: the run or the cell ended before there was an answer. */
  decision: "allow" | "deny" | "edit" | "aborted";
  /** The reason of a denial. */
  reason?: string;
  /** The action as edited, where it was. */
  action?: Action;
  /** The tool's input as edited, where it was. */
  input?: JsonValue;
}

/** The running cell put something out. Transient; the observation has the whole. */
export interface OutputEvent extends EventBase {
  type: "output";
  step: number;
  actionId: string;
  output: Output;
}

/** The running action calls a tool. */
export interface ToolCallEvent extends EventBase {
  type: "tool-call";
  step: number;
  actionId: string;
  toolCallId: string;
  name: string;
  /** The input before validation; bytes and non-finite numbers are tagged objects. */
  input: JsonValue;
}

/** A tool call ended. */
export interface ToolResultEvent extends EventBase {
  type: "tool-result";
  step: number;
  actionId: string;
  toolCallId: string;
  name: string;
  /** What Python gets; absent on failure. */
  value?: JsonValue;
  /** What Python sees raised. */
  error?: ToolCallError;
  durationMs: number;
}

/** What came of an action, or, without `actionId`, what is wrong with the model's message. */
export interface ObservationEvent extends EventBase {
  type: "observation";
  step: number;
  actionId?: string;
  /**
   * How the action ended. `denied`: it was not approved. `failed`: an infrastructure fault ended
   * the run under it. Without an action, `invalid`: the text corrects the model's message;
   * `rejected`: `checkAnswer` did not accept the answer, the text is its feedback.
   */
  status: ExecutionStatus | "denied" | "failed" | "invalid" | "rejected";
  /** Whether the interpreter's variables survived; absent where no cell ran. */
  state?: "kept" | "lost";
  /** What the model reads, already truncated. */
  text: string;
  images: ImagePart[];
  /** Everything that the cell put out, untruncated by the observation's limit. */
  outputs: Output[];
  error?: PythonError;
  durationMs: number;
}

/** A step ended. */
export interface StepFinishEvent extends EventBase {
  type: "step-finish";
  step: number;
  /**
   * What the step added to the conversation after the model's message. The conversation is
   * always `start.messages`, then for each step the `message` and these.
   */
  messages: Message[];
  /** Of the run so far. */
  usage: UsageTotal;
}

/** How a run ended without a fault. */
export type FinishStatus =
  | "answered"
  | "step-limit"
  | "time-limit"
  | "token-limit"
  | "context-limit"
  | "invalid-limit"
  | "refused"
  | "stopped"
  | "aborted";

/** The run ended without a fault. Terminal. */
export interface FinishEvent extends EventBase {
  type: "finish";
  status: FinishStatus;
  /** The answer, where there is one, as JSON. */
  output?: JsonValue;
  steps: number;
  usage: UsageTotal;
}

/** The run ended by a fault of the infrastructure. Terminal. */
export interface ErrorEvent extends EventBase {
  type: "error";
  error: { name: string; message: string; code?: ErrorCode };
  steps: number;
  usage: UsageTotal;
}

/** Everything that happens in a run, told apart by `type`. Every event is JSON-safe. */
export type AgentEvent =
  | StartEvent
  | StepStartEvent
  | MessageDeltaEvent
  | ReasoningDeltaEvent
  | MessageEvent
  | ActionEvent
  | ApprovalRequestEvent
  | ApprovalResultEvent
  | OutputEvent
  | ToolCallEvent
  | ToolResultEvent
  | ObservationEvent
  | StepFinishEvent
  | FinishEvent
  | ErrorEvent;

/** Events that only show progress; what they say is repeated by a durable event. */
export type TransientEvent = MessageDeltaEvent | ReasoningDeltaEvent | OutputEvent;

/** The events that make a trajectory. */
export type DurableEvent = Exclude<AgentEvent, TransientEvent>;

/** Whether an event belongs to the trajectory. */
export function isDurable(event: AgentEvent): event is DurableEvent {
  return (
    event.type !== "message-delta" && event.type !== "reasoning-delta" && event.type !== "output"
  );
}
