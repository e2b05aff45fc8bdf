import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Model, ModelEvent } from "@codeact/core";
import { type ChatRequest, finishReason, modelRequest, usage } from "./protocol.js";

/** Lets the model answer a request, in one piece or as a stream of server-sent events. */
export async function answer(
  model: Model,
  request: ChatRequest,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const head = { id: `chatcmpl-${randomUUID()}`, created: unixTime(), model: model.id };
  const events = model.generate(modelRequest(request, signal));
  if (request.stream) await stream(events, { head, request, response, signal });
  else sendJson(response, 200, await whole(events, head));
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

interface Head {
  id: string;
  created: number;
  model: string;
}

interface StreamOptions {
  head: Head;
  request: ChatRequest;
  response: ServerResponse;
  signal: AbortSignal;
}

async function stream(
  events: AsyncIterable<ModelEvent>,
  { head, request, response, signal }: StreamOptions,
): Promise<void> {
  const send = async (body: object): Promise<void> => {
    if (!response.headersSent) response.writeHead(200, { "content-type": "text/event-stream" });
    const chunk = { ...head, object: "chat.completion.chunk", ...body };
    // A reader that is slower than the model holds the model up.
    if (!response.write(`data: ${JSON.stringify(chunk)}\n\n`)) {
      await once(response, "drain", { signal });
    }
  };
  const sendDelta = (delta: object, reason: string | null = null) =>
    send({ choices: [{ index: 0, delta, finish_reason: reason }] });
  for await (const event of events) {
    if (event.type === "text") await sendDelta({ content: event.text });
    else if (event.type === "reasoning") await sendDelta({ reasoning_content: event.text });
    else if (event.type === "finish") {
      await sendDelta({}, finishReason(event.reason));
      const counted = usage(event.usage);
      const isWanted = request.stream_options?.include_usage === true;
      if (isWanted && counted) await send({ choices: [], usage: counted });
    }
  }
  response.end("data: [DONE]\n\n");
}

async function whole(events: AsyncIterable<ModelEvent>, head: Head): Promise<object> {
  let content = "";
  let finish: Extract<ModelEvent, { type: "finish" }> | undefined;
  for await (const event of events) {
    if (event.type === "text") content += event.text;
    if (event.type === "finish") finish = event;
  }
  const message = { role: "assistant", content };
  const choice = { index: 0, message, finish_reason: finishReason(finish?.reason ?? "stop") };
  return { ...head, object: "chat.completion", choices: [choice], usage: usage(finish?.usage) };
}

function unixTime(): number {
  return Math.floor(Date.now() / 1000);
}
