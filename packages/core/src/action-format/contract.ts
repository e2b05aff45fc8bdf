import type { JsonObject, JsonValue } from "../json.js";
import type { ImagePart, Message, ToolCallPart } from "../model/message.js";
import type { FinishReason, ModelTool } from "../model/model.js";
import type { JsonSchema, ToolDeclaration } from "../executor/tool-call.js";

/** Python code to run as one cell. */
export interface CodeAction {
  type: "code";
  code: string;
  /** The native tool call that carried the code, where one did. */
  toolCallId?: string;
}

/** A single call of a host tool, as the JSON and text formats write it. */
export interface CallAction {
  type: "call";
  name: string;
  /** By name, or in the order of the tool's parameters. */
  arguments: JsonObject | JsonValue[];
}

/** What a model's message asks to be done. */
export type Action = CodeAction | CallAction;

/** What a reader made of one model message. */
export type ParsedMessage = ParsedAction | ParsedAnswer | ParsedInvalid;

interface ParsedCommon {
  /** What the model said besides its action or answer; may be empty. */
  thought: string;
  /**
   * The text as it goes into the conversation: cut where the action ends, a stripped closing tag
   * restored, invented observations removed. Empty when the model wrote no text.
   */
  text: string;
}

/** The message holds actions; they run in order. */
export interface ParsedAction extends ParsedCommon {
  type: "action";
  /** At least one. */
  actions: Action[];
}

/** The message is the answer. */
export interface ParsedAnswer extends ParsedCommon {
  type: "answer";
  answer: string;
}

/** The message is neither; `hint` tells the model what to write instead. */
export interface ParsedInvalid extends ParsedCommon {
  type: "invalid";
  /** What is wrong, as a stable string for tests and statistics. */
  reason:
    | "empty"
    | "truncated"
    | "malformed"
    | "invented-observation"
    | "unknown-tool"
    | "content-filter";
  hint: string;
}

/** One tool as the prompt describes it. */
export interface ToolDescription {
  description: string;
  declaration: ToolDeclaration;
  inputSchema: JsonSchema;
  outputSchema?: JsonSchema;
}

/** What a format may mention in its instructions. */
export interface InstructionsContext {
  tools: readonly ToolDescription[];
  /** Python type of the answer, for example `str` or `list[int]`, and definitions it needs. */
  answer: { type: string; definitions: string; schema?: JsonSchema };
  limits: { steps: number; cellTimeoutMs: number; observationCharacters: number };
}

/** What a reader may consult. */
export interface ReaderContext {
  tools: readonly ToolDescription[];
  /** The conversation so far. */
  messages: readonly Message[];
}

/** How a model's message ended, besides its text. */
export interface MessageEnd {
  finishReason: FinishReason;
  toolCalls: readonly ToolCallPart[];
}

/** Reads one model message while it streams. How the text is cut into pieces never matters. */
export interface MessageReader {
  /** Takes the next piece of text. Reasoning that came apart from the text is not given to it. */
  push(delta: string): void;
  /** Takes the end of the message and tells what it was. */
  end(end: MessageEnd): ParsedMessage;
}

/** An action and what came of it, ready to be shown to the model. */
export interface ActionObservation {
  action: Action;
  /** The observation's text, already truncated. */
  text: string;
  images: readonly ImagePart[];
}

/** What the messages after a step need besides the observations. */
export interface ObservationContext {
  /** Steps that the model has left after this one. */
  stepsLeft: number;
  /** Whether the step did the same as the one before it, and the same came of it. */
  isRepetition?: boolean;
  /**
   * The native tool calls of the model's message. An API refuses a conversation in which one has
   * no result, so a format answers each exactly once, also those that did not run.
   */
  toolCalls: readonly ToolCallPart[];
}

/**
 * How a model writes actions and reads observations: `codeFormat()`, `nativeToolFormat()`,
 * `jsonFormat()`, `textFormat()`, or one of your own. A format has no state of its own; one
 * object serves any number of runs at once.
 */
export interface ActionFormat {
  readonly name: string;
  /** Whether actions are Python code, so that a run needs an interpreter. */
  readonly usesInterpreter: boolean;
  /** Stop strings for the model; hints. */
  readonly stop: readonly string[];
  /** Function tools to declare to the API. */
  readonly tools?: readonly ModelTool[];
  /** The system prompt. */
  instructions(context: InstructionsContext): string;
  /** A reader for the next message of a run. */
  reader(context: ReaderContext): MessageReader;
  /** The messages that show observations to the model. */
  renderObservations(
    observations: readonly ActionObservation[],
    context: ObservationContext,
  ): Message[];
  /** The messages that tell the model what was wrong with its last one. */
  renderFeedback(hint: string, context: ObservationContext): Message[];
}
