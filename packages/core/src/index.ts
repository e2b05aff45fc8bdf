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
export { jsonSchema } from "./schema/json-schema.js";
export type { Schema } from "./schema/schema.js";
export { type Tool, type ToolExecuteOptions, type ToolOptions, tool } from "./tool/tool.js";
export { declareTools } from "./tool/toolset.js";
