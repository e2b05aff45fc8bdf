import * as z from "zod/mini";

/*
 * The stored form of a trajectory, version 1. Objects keep members that this version does not
 * know, so that a newer minor version's file can be read.
 */

function createSchemas() {
  const json = z.json();
  const text = z.string();
  const count = z.number();
  const providerData = z.optional(json);

  const textPart = z.looseObject({ type: z.literal("text"), text, providerData });
  const imagePart = z.looseObject({
    type: z.literal("image"),
    mediaType: text,
    data: text,
    providerData,
  });
  const reasoningPart = z.looseObject({ type: z.literal("reasoning"), text, providerData });
  const toolCallPart = z.looseObject({
    type: z.literal("tool-call"),
    toolCallId: text,
    name: text,
    arguments: text,
    providerData,
  });
  const toolResultPart = z.looseObject({
    type: z.literal("tool-result"),
    toolCallId: text,
    name: text,
    content: z.array(z.discriminatedUnion("type", [textPart, imagePart])),
    isError: z.optional(z.boolean()),
    providerData,
  });

  const assistantMessage = z.looseObject({
    role: z.literal("assistant"),
    content: z.array(z.discriminatedUnion("type", [textPart, reasoningPart, toolCallPart])),
  });
  const message = z.discriminatedUnion("role", [
    z.looseObject({ role: z.literal("system"), content: z.array(textPart) }),
    z.looseObject({
      role: z.literal("user"),
      content: z.array(z.discriminatedUnion("type", [textPart, imagePart])),
    }),
    assistantMessage,
    z.looseObject({ role: z.literal("tool"), content: z.array(toolResultPart) }),
  ]);

  const action = z.discriminatedUnion("type", [
    z.looseObject({ type: z.literal("code"), code: text, toolCallId: z.optional(text) }),
    z.looseObject({
      type: z.literal("call"),
      name: text,
      arguments: z.union([z.array(json), z.record(text, json)]),
    }),
  ]);

  const output = z.discriminatedUnion("type", [
    z.looseObject({ type: z.literal("text"), stream: z.enum(["stdout", "stderr"]), text }),
    z.looseObject({
      type: z.literal("display"),
      source: z.enum(["result", "display"]),
      data: z.record(text, json),
    }),
  ]);

  const pythonError = z.looseObject({
    type: text,
    message: text,
    traceback: text,
    frames: z.array(
      z.looseObject({
        cell: z.optional(count),
        file: z.optional(text),
        line: count,
        function: text,
        source: z.optional(text),
      }),
    ),
  });

  const usageTotal = z.looseObject({
    inputTokens: count,
    outputTokens: count,
    cachedInputTokens: count,
    reasoningTokens: count,
    requests: count,
    complete: z.boolean(),
  });

  const base = {
    runId: text,
    sessionId: text,
    rootRunId: text,
    parentRunId: z.optional(text),
    parentToolCallId: z.optional(text),
    depth: count,
    sequence: count,
    time: text,
  };
  const inStep = { ...base, step: count };
  const inAction = { ...inStep, actionId: text };
  const inToolCall = { ...inAction, toolCallId: text, name: text };

  const event = z.discriminatedUnion("type", [
    z.looseObject({
      ...base,
      type: z.literal("start"),
      agent: z.looseObject({ name: text, description: z.optional(text) }),
      model: text,
      actionFormat: text,
      executor: z.optional(text),
      messages: z.array(message),
    }),
    z.looseObject({
      ...inStep,
      type: z.literal("step-start"),
      model: z.optional(text),
      messages: z.optional(z.array(message)),
    }),
    z.looseObject({
      ...inStep,
      type: z.literal("message"),
      message: assistantMessage,
      finishReason: z.enum(["stop", "length", "tool-calls", "content-filter", "error", "other"]),
      usage: z.optional(
        z.looseObject({
          inputTokens: z.optional(count),
          outputTokens: z.optional(count),
          cachedInputTokens: z.optional(count),
          reasoningTokens: z.optional(count),
        }),
      ),
    }),
    z.looseObject({ ...inAction, type: z.literal("action"), thought: text, action }),
    z.looseObject({
      ...inAction,
      type: z.literal("approval-request"),
      approvalId: text,
      toolCall: z.optional(z.looseObject({ toolCallId: text, name: text, input: json })),
    }),
    z.looseObject({
      ...inAction,
      type: z.literal("approval-result"),
      approvalId: text,
      decision: z.enum(["allow", "deny", "edit", "aborted"]),
      reason: z.optional(text),
      action: z.optional(action),
      input: z.optional(json),
    }),
    z.looseObject({ ...inToolCall, type: z.literal("tool-call"), input: json }),
    z.looseObject({
      ...inToolCall,
      type: z.literal("tool-result"),
      value: z.optional(json),
      error: z.optional(
        z.looseObject({ type: z.enum(["ToolError", "TypeError", "ValueError"]), message: text }),
      ),
      durationMs: count,
    }),
    z.looseObject({
      ...inStep,
      actionId: z.optional(text),
      type: z.literal("observation"),
      status: z.enum([
        "ok",
        "error",
        "timeout",
        "interrupted",
        "crashed",
        "denied",
        "failed",
        "invalid",
        "rejected",
      ]),
      state: z.optional(z.enum(["kept", "lost"])),
      text,
      images: z.array(imagePart),
      outputs: z.array(output),
      error: z.optional(pythonError),
      durationMs: count,
    }),
    z.looseObject({
      ...inStep,
      type: z.literal("step-finish"),
      messages: z.array(message),
      usage: usageTotal,
    }),
    z.looseObject({
      ...base,
      type: z.literal("finish"),
      status: z.enum([
        "answered",
        "step-limit",
        "time-limit",
        "token-limit",
        "context-limit",
        "invalid-limit",
        "refused",
        "stopped",
        "aborted",
      ]),
      output: z.optional(json),
      steps: count,
      usage: usageTotal,
    }),
    z.looseObject({
      ...base,
      type: z.literal("error"),
      error: z.looseObject({ name: text, message: text, code: z.optional(text) }),
      steps: count,
      usage: usageTotal,
    }),
  ]);

  const header = z.looseObject({
    format: z.literal("codeact-trajectory"),
    version: z.literal(1),
    runId: text,
  });

  return { header, event };
}

let schemas: ReturnType<typeof createSchemas> | undefined;

/**
 * The schemas of a trajectory file's first line and of its events, made on first use: who reads
 * no files pays nothing for them, neither at start-up nor in a bundle.
 */
export function trajectorySchemas(): ReturnType<typeof createSchemas> {
  schemas ??= createSchemas();
  return schemas;
}
