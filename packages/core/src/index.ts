export { Agent, type SessionOptions } from "./agent/agent.js";
export type { AgentToolInput, AsToolOptions } from "./agent/as-tool.js";
export type { Limits } from "./agent/limits.js";
export type {
  AgentOptions,
  AnswerContext,
  AnyTool,
  ApprovalDecision,
  ApprovalRequest,
  RunOptions,
  StepContext,
  StepSettings,
} from "./agent/options.js";
export type { AgentResult, AnsweredResult, UnansweredResult } from "./agent/result.js";
export type { RetryOptions } from "./agent/retry.js";
export type { AgentSession, SessionCheckpoint } from "./agent/session.js";
export type { AgentStream } from "./agent/stream.js";
export type { Task, TaskImage, TaskInput } from "./agent/task.js";
export type { AgentEvents } from "./events/agent-emitter.js";
export {
  type ActionEvent,
  type AgentEvent,
  type ApprovalRequestEvent,
  type ApprovalResultEvent,
  type DurableEvent,
  type ErrorEvent,
  type EventBase,
  type FinishEvent,
  type FinishStatus,
  isDurable,
  type MessageDeltaEvent,
  type MessageEvent,
  type ObservationEvent,
  type OutputEvent,
  type ReasoningDeltaEvent,
  type StartEvent,
  type StepFinishEvent,
  type StepStartEvent,
  type ToolCallEvent,
  type ToolResultEvent,
  type TransientEvent,
} from "./events/event.js";
export type { ListenerErrorEvent } from "./events/isolation.js";
export { trajectoryFromJsonl, trajectoryToJsonl } from "./trajectory/jsonl.js";
export { type Trajectory, trajectoryMessages } from "./trajectory/trajectory.js";
export { CodeActError, type CodeActErrorOptions } from "./errors/codeact-error.js";
export type { ErrorCode, ModelErrorCode } from "./errors/error-code.js";
export { ModelError, type ModelErrorOptions } from "./errors/model-error.js";
export type { JsonObject, JsonValue } from "./json.js";
export {
  type AssistantMessage,
  type ImagePart,
  type Message,
  messageText,
  type ProviderData,
  type ReasoningPart,
  type SystemMessage,
  type TextPart,
  type ToolCallPart,
  type ToolMessage,
  type ToolResultPart,
  type UserMessage,
} from "./model/message.js";
export type {
  FinishReason,
  Model,
  ModelCapabilities,
  ModelEvent,
  ModelRequest,
  ModelTool,
} from "./model/model.js";
export type { Usage, UsageTotal } from "./model/usage.js";
export type {
  ExecutionResult,
  ExecutionStatus,
  PythonError,
  PythonFrame,
} from "./executor/execution-result.js";
export type {
  ExecuteOptions,
  Executor,
  ForkOptions,
  Interpreter,
  InterpreterCapabilities,
  StartOptions,
} from "./executor/executor.js";
export type { DisplayOutput, MimeBundle, Output, TextOutput } from "./executor/output.js";
export type {
  JsonSchema,
  ToolCallError,
  ToolCallHandler,
  ToolCallOutcome,
  ToolCallRequest,
  ToolDeclaration,
  ToolParameter,
  WireValue,
} from "./executor/tool-call.js";
export type { WorkspaceEntry, WorkspaceFiles } from "./executor/workspace-files.js";
export type {
  Action,
  ActionFormat,
  ActionObservation,
  CallAction,
  CodeAction,
  InstructionsContext,
  MessageEnd,
  MessageReader,
  ObservationContext,
  ParsedAction,
  ParsedAnswer,
  ParsedInvalid,
  ParsedMessage,
  ReaderContext,
  ToolDescription,
} from "./action-format/contract.js";
export { codeActAgentFormat } from "./action-format/codeact-agent-format.js";
export { codeFormat } from "./action-format/code-format.js";
export { jsonFormat } from "./action-format/json-format.js";
export { nativeToolFormat } from "./action-format/native-tool-format.js";
export { textFormat } from "./action-format/text-format.js";
export { jsonSchema } from "./schema/json-schema.js";
export type { Schema } from "./schema/schema.js";
export { type Tool, type ToolExecuteOptions, type ToolOptions, tool } from "./tool/tool.js";
export { declareTools } from "./tool/toolset.js";
