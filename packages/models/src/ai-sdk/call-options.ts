import type { JsonObject, JsonValue } from "@codeact/core";

/** Of a message or part, for one provider each. */
export type ProviderRecord = Record<string, JsonObject>;

interface Annotated {
  providerOptions?: ProviderRecord;
}

/** A file in the form of V2 and V3, or of V4. */
export interface FilePart extends Annotated {
  type: "file";
  mediaType: string;
  data: string | { type: "data"; data: string };
}

/** Text in a prompt. */
export interface PromptText extends Annotated {
  type: "text";
  text: string;
}

/** A part of what the model said. */
export type AssistantPart =
  | PromptText
  | (Annotated & { type: "reasoning"; text: string })
  | (Annotated & { type: "tool-call"; toolCallId: string; toolName: string; input: JsonValue });

/** A tool's result; each specification has another form for images in it. */
export type ToolOutput =
  | { type: "text" | "error-text"; value: string }
  | {
      type: "content";
      value: (
        | { type: "text"; text: string }
        | { type: "media"; mediaType: string; data: string }
        | { type: "image-data"; mediaType: string; data: string }
        | FilePart
      )[];
    };

/** What a tool answered to a call. */
export interface PromptToolResult {
  type: "tool-result";
  toolCallId: string;
  toolName: string;
  output: ToolOutput;
}

/** One message of a prompt. */
export type PromptMessage =
  | { role: "system"; content: string }
  | { role: "user"; content: (PromptText | FilePart)[] }
  | { role: "assistant"; content: AssistantPart[] }
  | { role: "tool"; content: PromptToolResult[] };

/** What of `doStream`'s options is used here; the three specifications agree on the rest. */
export interface CallOptions {
  prompt: PromptMessage[];
  maxOutputTokens?: number;
  temperature?: number;
  stopSequences?: string[];
  seed?: number;
  tools?: { type: "function"; name: string; description: string; inputSchema: JsonObject }[];
  toolChoice?: { type: "auto" };
  abortSignal: AbortSignal;
  headers?: Record<string, string>;
  providerOptions?: ProviderRecord;
}
