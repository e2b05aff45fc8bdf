import type { JsonObject, ModelRequest } from "@codeact/core";
import type { OpenAI } from "openai";
import type { RequestDialect } from "../request-dialect.js";
import { toWireMessages } from "./messages.js";

/** What every request of a model has in common; a request's own values go before these. */
export interface RequestDefaults {
  model: string;
  temperature?: number;
  maxOutputTokens?: number;
  seed?: number;
  extraBody?: JsonObject;
}

/** A request body, and which of its parameters a server might refuse. */
export interface RequestBody {
  body: OpenAI.ChatCompletionCreateParamsStreaming;
  /** Names of the parameters in `body`, and of added message fields. */
  parameters: ReadonlySet<string>;
  /** The stop strings in `body`; the others must be watched for here. */
  sentStops: readonly string[];
}

/** More stop strings than this make the API refuse the request. */
const maximumStops = 4;

/** The request in the server's dialect. */
export function requestBody(
  request: ModelRequest,
  defaults: RequestDefaults,
  dialect: RequestDialect,
): RequestBody {
  const temperature = request.temperature ?? defaults.temperature;
  const maxOutputTokens = request.maxOutputTokens ?? defaults.maxOutputTokens;
  const seed = request.seed ?? defaults.seed;
  const sentStops = dialect.accepts("stop")
    ? (request.stop ?? []).filter((stop) => stop !== "").slice(0, maximumStops)
    : [];
  const sendReasoning = dialect.accepts("reasoning_content");
  const messages = toWireMessages(request.messages, { sendReasoning });
  // The older spelling first: servers that know only one know this one, and OpenAI's newer models
  // refuse it loudly, while the newer spelling is silently ignored elsewhere.
  const limitName = dialect.accepts("max_tokens") ? "max_tokens" : "max_completion_tokens";
  const body: OpenAI.ChatCompletionCreateParamsStreaming = {
    model: defaults.model,
    messages,
    stream: true,
    ...(dialect.accepts("stream_options") ? { stream_options: { include_usage: true } } : {}),
    ...(sentStops.length > 0 ? { stop: sentStops } : {}),
    ...(request.tools?.length ? { tools: request.tools.map(wireTool) } : {}),
    ...(maxOutputTokens === undefined ? {} : { [limitName]: maxOutputTokens }),
    ...(temperature !== undefined && dialect.accepts("temperature") ? { temperature } : {}),
    ...(seed !== undefined && dialect.accepts("seed") ? { seed } : {}),
    ...defaults.extraBody,
  };
  const sentReasoning = messages.some((message) => "reasoning_content" in message);
  const parameters = new Set([
    ...Object.keys(body),
    ...(sentReasoning ? ["reasoning_content"] : []),
  ]);
  for (const name of Object.keys(defaults.extraBody ?? {})) parameters.delete(name);
  return { body, parameters, sentStops };
}

function wireTool(
  tool: NonNullable<ModelRequest["tools"]>[number],
): OpenAI.ChatCompletionFunctionTool {
  return {
    type: "function",
    function: {
      name: tool.name,
      description: tool.description,
      parameters: tool.inputSchema,
    },
  };
}
