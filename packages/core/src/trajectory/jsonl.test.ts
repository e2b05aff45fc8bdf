import { describe, expect, it } from "vitest";
import type { DurableEvent } from "../events/event.js";
import { emptyUsage } from "../model/usage.js";
import { trajectoryFromJsonl, trajectoryToJsonl } from "./jsonl.js";
import { type Trajectory, trajectoryMessages } from "./trajectory.js";

const base = (sequence: number) => ({
  runId: "run_1",
  sessionId: "session_1",
  rootRunId: "run_1",
  depth: 0,
  sequence,
  time: "2026-01-01T00:00:00.000Z",
});
const text = (value: string) => ({ type: "text" as const, text: value });

const events: DurableEvent[] = [
  {
    ...base(0),
    type: "start",
    agent: { name: "agent" },
    model: "scripted",
    actionFormat: "code",
    executor: "fake",
    messages: [
      { role: "system", content: [text("rules")] },
      {
        role: "user",
        content: [
          text("task\nwith lines"),
          { type: "image", mediaType: "image/png", data: "AA==" },
        ],
      },
    ],
  },
  { ...base(1), type: "step-start", step: 1 },
  {
    ...base(2),
    type: "message",
    step: 1,
    message: {
      role: "assistant",
      content: [
        { type: "reasoning", text: "hm", providerData: { id: "r1" } },
        text("<execute>x</execute>"),
      ],
    },
    finishReason: "stop",
    usage: { inputTokens: 3 },
  },
  {
    ...base(3),
    type: "action",
    step: 1,
    actionId: "a1",
    thought: "",
    action: { type: "code", code: "x" },
  },
  {
    ...base(4),
    type: "tool-call",
    step: 1,
    actionId: "a1",
    toolCallId: "t1",
    name: "look_up",
    input: { bytes: { $bytes: "AA==" } },
  },
  {
    ...base(5),
    type: "tool-result",
    step: 1,
    actionId: "a1",
    toolCallId: "t1",
    name: "look_up",
    error: { type: "ToolError", message: "no" },
    durationMs: 1,
  },
  {
    ...base(6),
    type: "observation",
    step: 1,
    actionId: "a1",
    status: "error",
    state: "kept",
    text: "Observation: …",
    images: [],
    outputs: [{ type: "text", stream: "stdout", text: "hi" }],
    error: {
      type: "ToolError",
      message: "no",
      traceback: "…",
      frames: [{ line: 1, function: "<module>" }],
    },
    durationMs: 2,
  },
  {
    ...base(7),
    type: "step-finish",
    step: 1,
    messages: [{ role: "user", content: [text("Observation: …")] }],
    usage: emptyUsage(),
  },
  { ...base(8), type: "finish", status: "step-limit", steps: 1, usage: emptyUsage() },
];
const trajectory: Trajectory = { version: 1, runId: "run_1", events };

describe("trajectory JSON Lines", () => {
  it("reads what it wrote", () => {
    expect(trajectoryFromJsonl(trajectoryToJsonl(trajectory))).toEqual(trajectory);
  });

  it("keeps members that it does not know", () => {
    const lines = trajectoryToJsonl(trajectory).split("\n");
    lines[2] = JSON.stringify({ ...events[1], future: true });
    expect(trajectoryFromJsonl(lines.join("\n")).events[1]).toMatchObject({ future: true });
  });

  it.each([
    ["empty text", "", /Line 1/],
    ["another format", '{"a":1}\n', /Line 1 .* at format/],
    ["a newer version", '{"format":"codeact-trajectory","version":2,"runId":"r"}\n', /at version/],
    ["a cut line", trajectoryToJsonl(trajectory).slice(0, -20), /Line 10 .* not JSON/],
    [
      "an unknown event",
      `${trajectoryToJsonl({ ...trajectory, events: [] })}{"type":"surprise"}\n`,
      /Line 2 .* at type/,
    ],
  ])("refuses %s and names the place", (_name, text, message) => {
    expect(() => trajectoryFromJsonl(text)).toThrowError(
      expect.objectContaining({
        code: "invalid-trajectory",
        message: expect.stringMatching(message) as string,
      }) as Error,
    );
  });
});

describe("trajectoryMessages", () => {
  it("rebuilds the conversation, without that of sub-agents", () => {
    const sub = { ...events[7], runId: "run_2" } as DurableEvent;
    const messages = trajectoryMessages({ ...trajectory, events: [...events, sub] });
    expect(messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user"]);
    expect(messages.at(-1)).toEqual({ role: "user", content: [text("Observation: …")] });
  });
});
