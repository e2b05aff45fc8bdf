import type { ModelEvent, ModelRequest } from "@codeact/core";
import type { OpenAI } from "openai";
import type { FailureContext } from "../request/failure-message.js";
import type { NegotiableParameter, RequestDialect } from "./request-dialect.js";
import type { RequestDefaults } from "./request-defaults.js";
import type { ServerSentEvent } from "./server-sent-events.js";

/** A request body, and which of its parameters a server might refuse. */
export interface RequestBody<Body> {
  body: Body;
  /** Names of the parameters in `body`, and of added message fields. */
  parameters: ReadonlySet<string>;
  /** The stop strings in `body`; the others must be watched for here. */
  sentStops: readonly string[];
}

/** What goes with a request to the client of the `openai` package. */
export interface PostOptions {
  headers: Readonly<Record<string, string>>;
  signal: AbortSignal;
  maxRetries: 0;
  timeout: number;
}

/** What an event of the stream says. Neither: nothing that matters here. */
export interface StreamItem<Chunk> {
  chunk?: Chunk;
  /** Whether the server ends the stream on purpose with it. */
  isLast?: boolean;
}

/** Turns the chunks of one answer into model events. */
export interface AnswerReader<Chunk> {
  /** Whether the server said why it ended the message. */
  readonly isFinished: boolean;
  /** Whether the message ends here although the server would go on. */
  readonly mustCancel: boolean;
  /** Takes a chunk. */
  push(chunk: Chunk): ModelEvent[];
  /** Takes the end of the message. */
  end(): ModelEvent[];
}

/** One of OpenAI's APIs for text. */
export interface TextApi<Body, Chunk> {
  /** The request in the server's dialect. */
  requestBody(
    request: ModelRequest,
    defaults: RequestDefaults,
    dialect: RequestDialect,
  ): RequestBody<Body>;
  post(client: OpenAI, body: Body, options: PostOptions): Promise<Response>;
  /** @throws `ModelError` */
  readEvent(event: ServerSentEvent, context: FailureContext): StreamItem<Chunk>;
  /**
   * @param stops all stop strings of the request
   * @param sentStops those that the server was told
   */
  reader(stops: readonly string[], sentStops: readonly string[]): AnswerReader<Chunk>;
}

/** The parameters of a body that may be left out; what the user added himself may not. */
export function negotiableParameters(
  body: object,
  defaults: RequestDefaults,
  ...more: readonly NegotiableParameter[]
): Set<string> {
  const names = new Set<string>([...Object.keys(body), ...more]);
  for (const name of Object.keys(defaults.extraBody ?? {})) names.delete(name);
  return names;
}
