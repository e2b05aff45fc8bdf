import type { ModelRequest } from "@codeact/core";
import type { OpenAI } from "openai";
import { negotiableParameters, type RequestBody } from "../api.js";
import type { RequestDefaults } from "../request-defaults.js";
import type { RequestDialect } from "../request-dialect.js";
import { toWireMessages } from "./messages.js";

/** More stop strings than this make the API refuse the request. */
const maximumStops = 4;

/** The request in the server's dialect. */
export function requestBody(
  request: ModelRequest,
  defaults: RequestDefaults,
  dialect: RequestDialect,
): RequestBody<OpenAI.ChatCompletionCreateParamsStreaming> {
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
  const parameters = sentReasoning
    ? negotiableParameters(body, defaults, "reasoning_content")
    : negotiableParameters(body, defaults);
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
