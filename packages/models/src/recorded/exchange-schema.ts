import { CodeActError } from "@codeact/core";
import * as z from "zod/mini";
import type { RecordedExchange } from "./exchange.js";

const text = z.string();
const count = z.number();
const flag = z.optional(z.boolean());
const json = z.json();
const providerData = z.optional(json);

const event = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("text"), text, providerData }),
  z.looseObject({ type: z.literal("reasoning"), text, providerData }),
  z.looseObject({
    type: z.literal("tool-call"),
    toolCallId: text,
    name: text,
    arguments: text,
    providerData,
  }),
  z.looseObject({
    type: z.literal("finish"),
    reason: z.enum(["stop", "length", "tool-calls", "content-filter", "error", "other"]),
    usage: z.optional(z.record(text, count)),
  }),
]);

const errorCode = z.enum([
  "model-authentication",
  "model-permission",
  "model-not-found",
  "model-invalid-request",
  "model-request-too-large",
  "model-rate-limit",
  "model-overloaded",
  "model-server",
  "model-timeout",
  "model-connection",
  "model-invalid-response",
  "model-closed",
  "context-overflow",
]);

/** Requests are only compared, never sent, so that their messages need no closer look. */
const request = z.looseObject({ messages: z.array(z.record(text, json)) });

const exchangeSchema = z.looseObject({
  version: z.literal(1),
  model: z.looseObject({
    id: text,
    capabilities: z.optional(
      z.looseObject({ usage: flag, images: flag, tools: flag, toolResultImages: flag }),
    ),
  }),
  request,
  events: z.array(z.looseObject({ atMs: count, event })),
  error: z.optional(
    z.looseObject({
      atMs: count,
      name: text,
      message: text,
      code: z.optional(errorCode),
      retryable: flag,
      status: z.optional(count),
      retryAfterMs: z.optional(count),
    }),
  ),
});

/**
 * Reads a recording: one JSON object a line, as `recordModel` writes it. A last line that is not
 * even JSON was cut off in writing, by a crash, and is left out.
 *
 * @param text the file's content
 * @param name what errors call the recording
 * @throws `CodeActError` with code `invalid-option` that names the line and what is wrong
 *
 * @example
 * ```ts
 * const text = await (await fetch("/recordings/demo.jsonl")).text();
 * const model = new RecordedModel({ exchanges: parseRecording(text) });
 * ```
 */
export function parseRecording(text: string, name = "The recording"): RecordedExchange[] {
  const lines = text.split("\n");
  if (!isJson(lines.at(-1) ?? "")) lines.pop();
  return lines.flatMap((line, index) =>
    line.trim() === "" ? [] : [parseExchange(line, `${name}, line ${index + 1},`)],
  );
}

/** Whether a text is JSON. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function parseExchange(line: string, where: string): RecordedExchange {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new CodeActError("invalid-option", `${where} is not JSON. Record it again.`, { cause });
  }
  const checked = exchangeSchema.safeParse(value);
  // The schema is narrower than the type only in what is never read.
  if (checked.success) return checked.data as unknown as RecordedExchange;
  const issue = checked.error.issues[0];
  throw new CodeActError(
    "invalid-option",
    `${where} is no recorded exchange of version 1: ${issue?.path.join(".")}: ${issue?.message}. ` +
      "Record it again.",
    { cause: checked.error },
  );
}
