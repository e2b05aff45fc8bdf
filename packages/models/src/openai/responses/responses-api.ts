import type { ModelRequest } from "@codeact/core";
import type { OpenAI } from "openai";
import { readErrorBody } from "../../request/error-body.js";
import { serverError } from "../../request/server-failure.js";
import { protocolError } from "../../request/transport-failure.js";
import { negotiableParameters, type RequestBody, type TextApi } from "../api.js";
import { readEventData, shapeError } from "../read-stream.js";
import type { RequestDefaults } from "../request-defaults.js";
import type { RequestDialect } from "../request-dialect.js";
import { eventSchema, knownTypes, type ResponseEvent } from "./event.js";
import { toInput } from "./input.js";
import { ResponseReader } from "./response-reader.js";

type Body = OpenAI.Responses.ResponseCreateParamsStreaming;

/** The Responses API. Nothing is stored at the server: the conversation is all there is. */
export function responsesApi(options: { toolResultImages: boolean }): TextApi<Body, ResponseEvent> {
  return {
    requestBody: (request, defaults, dialect) =>
      requestBody(request, defaults, dialect, options.toolResultImages),
    post: (client, body, postOptions) => client.responses.create(body, postOptions).asResponse(),
    readEvent(event, context) {
      // Not of this API, but some servers end all their streams so.
      if (event.data === "[DONE]") return {};
      const data = readEventData(event, context);
      const type = typeOf(data);
      if (type === undefined) {
        throw protocolError("streamed an event without a type", event.data, context);
      }
      if (type === "error" || type === "response.failed") {
        throw serverError(readErrorBody(failureOf(data)), context);
      }
      if (!knownTypes.has(type)) return {};
      const chunk = eventSchema.safeParse(data);
      if (!chunk.success) throw shapeError(chunk.error, event, context);
      const isLast = type === "response.completed" || type === "response.incomplete";
      return { chunk: chunk.data, isLast };
    },
    reader: (stops) => new ResponseReader(stops),
  };
}

/** The API has neither stop strings nor seeds. */
function requestBody(
  request: ModelRequest,
  defaults: RequestDefaults,
  dialect: RequestDialect,
  toolResultImages: boolean,
): RequestBody<Body> {
  const temperature = request.temperature ?? defaults.temperature;
  const maxOutputTokens = request.maxOutputTokens ?? defaults.maxOutputTokens;
  const body: Body = {
    model: defaults.model,
    input: toInput(request.messages, { toolResultImages }),
    stream: true,
    store: false,
    // Without these a reasoning model's thoughts are lost between turns, and are not shown.
    ...(dialect.accepts("include") ? { include: ["reasoning.encrypted_content"] } : {}),
    ...(dialect.accepts("reasoning") ? { reasoning: { summary: "auto" } } : {}),
    ...(request.tools?.length ? { tools: request.tools.map(wireTool) } : {}),
    ...(maxOutputTokens === undefined ? {} : { max_output_tokens: maxOutputTokens }),
    ...(temperature !== undefined && dialect.accepts("temperature") ? { temperature } : {}),
    ...defaults.extraBody,
  };
  return { body, parameters: negotiableParameters(body, defaults), sentStops: [] };
}

function wireTool(tool: NonNullable<ModelRequest["tools"]>[number]): OpenAI.Responses.FunctionTool {
  const { name, description, inputSchema: parameters } = tool;
  return { type: "function", name, description, parameters, strict: false };
}

function typeOf(data: unknown): string | undefined {
  if (typeof data !== "object" || data === null || !("type" in data)) return undefined;
  return typeof data.type === "string" ? data.type : undefined;
}

function failureOf(data: unknown): unknown {
  return typeof data === "object" && data !== null && "response" in data ? data.response : data;
}
