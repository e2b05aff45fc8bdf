import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type Model, ModelError } from "@codeact/core";
import { z } from "zod";
import { answer, sendJson } from "./answer.js";
import { chatRequestSchema } from "./protocol.js";

/** A server that is listening. */
export interface ModelServer {
  /** The base URL for clients of the OpenAI API. */
  baseURL: string;
  /** How many requests are being answered. */
  readonly openAnswers: number;
  close(): Promise<void>;
}

/**
 * Serves any model to clients of OpenAI's Chat Completions API, on this machine only. A client that
 * leaves ends its request: the model stops in the middle of its answer.
 */
export async function serveModel(model: Model, port = 0): Promise<ModelServer> {
  let openAnswers = 0;
  const server = createServer((request, response) => {
    openAnswers++;
    void handle(model, request, response).finally(() => openAnswers--);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    get openAnswers() {
      return openAnswers;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(
  model: Model,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const left = new AbortController();
  response.on("close", () => left.abort(new Error("The client left.")));
  try {
    if (request.method === "GET" && request.url === "/v1/models") {
      sendJson(response, 200, { object: "list", data: [{ id: model.id, object: "model" }] });
    } else if (request.method === "POST" && request.url === "/v1/chat/completions") {
      const body = chatRequestSchema.parse(JSON.parse(await text(request)));
      await answer(model, body, response, left.signal);
    } else {
      sendError(response, 404, `There is no ${request.method} ${request.url}.`);
    }
  } catch (error) {
    // To a client that left nothing can be said.
    if (!response.destroyed) refuse(response, error);
  }
}

function refuse(response: ServerResponse, error: unknown): void {
  if (error instanceof SyntaxError || error instanceof z.ZodError) {
    sendError(response, 400, error.message);
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  const code = ModelError.isInstance(error) ? error.code : undefined;
  if (code === "context-overflow") sendError(response, 400, message, "context_length_exceeded");
  else sendError(response, code === "model-invalid-request" ? 400 : 500, message);
}

function sendError(
  response: ServerResponse,
  status: number,
  message: string,
  code: string | null = null,
): void {
  const body = {
    error: { message, type: status < 500 ? "invalid_request_error" : "server_error", code },
  };
  // Once the stream has begun, an event is all that is left to tell it by.
  if (response.headersSent) response.end(`data: ${JSON.stringify(body)}\n\n`);
  else sendJson(response, status, body);
}
