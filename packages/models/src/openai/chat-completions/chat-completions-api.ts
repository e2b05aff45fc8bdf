import type { OpenAI } from "openai";
import type { TextApi } from "../api.js";
import { readEventData, shapeError } from "../read-stream.js";
import { type Chunk, chunkSchema } from "./chunk.js";
import { CompletionReader } from "./completion-reader.js";
import { requestBody } from "./request-body.js";

/** The Chat Completions API. */
export const chatCompletionsApi: TextApi<OpenAI.ChatCompletionCreateParamsStreaming, Chunk> = {
  requestBody,
  post: (client, body, options) => client.chat.completions.create(body, options).asResponse(),
  readEvent(event, context) {
    if (event.data === "[DONE]") return { isLast: true };
    const chunk = chunkSchema.safeParse(readEventData(event, context));
    if (!chunk.success) throw shapeError(chunk.error, event, context);
    return { chunk: chunk.data };
  },
  reader: (stops, sentStops) => new CompletionReader(stops, sentStops),
};
