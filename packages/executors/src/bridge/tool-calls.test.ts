import type { ToolCallHandler, ToolCallOutcome, ToolCallRequest } from "@codeact/core";
import { describe, expect, it } from "vitest";
import { CellClock } from "./cell-clock.js";
import { FrameParser } from "./frame-parser.js";
import type { EncodedFrame } from "./host-frame.js";
import { ProtocolError } from "./protocol-error.js";
import { readRuntimeFrame } from "./runtime-frame.js";
import { ToolCalls } from "./tool-calls.js";

function toolCalls(handler: ToolCallHandler | undefined) {
  const answers: { [member: string]: unknown }[] = [];
  const faults: unknown[] = [];
  const calls = new ToolCalls({
    handler,
    names: new Set(["tool"]),
    clock: new CellClock(undefined, () => {}),
    send: (frame: EncodedFrame) =>
      answers.push(JSON.parse(frame.line) as { [member: string]: unknown }),
    onFault: (error) => faults.push(error),
  });
  const call = (id: string, input: unknown = {}, name = "tool") => {
    const frame = JSON.stringify({ type: "tool-call", id, cell: 1, name, input });
    new FrameParser((raw) => {
      const read = readRuntimeFrame(raw);
      if (read.type === "tool-call") calls.dispatch(read);
    }).push(Buffer.from(`${frame}\n`));
  };
  return { calls, call, answers, faults };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const never: ToolCallHandler = () => new Promise(() => {});

describe("ToolCalls", () => {
  it("answers with values and with errors", async () => {
    const outcomes: ToolCallOutcome[] = [
      { ok: true, value: [1, Number.NaN] },
      { ok: true, value: null, endCell: true },
      { ok: false, error: { type: "ValueError", message: "no" } },
      { ok: true, value: 2 ** 60 },
    ];
    const { call, answers } = toolCalls(() => Promise.resolve(outcomes.shift() as ToolCallOutcome));
    for (const id of ["a", "b", "c", "d"]) call(id);
    await settled();
    expect(answers).toMatchObject([
      { id: "a", ok: true, value: [1, { $float: "NaN" }] },
      { id: "b", ok: true, value: null, endCell: true },
      { id: "c", ok: false, error: { type: "ValueError", message: "no" } },
      { id: "d", ok: false, error: { type: "ToolError" } },
    ]);
    expect((answers[3] as { error: { message: string } }).error.message).toMatch(/as a string/);
  });

  it("refuses unknown names, and every call where there is no handler", () => {
    const { call, answers } = toolCalls(never);
    call("a", {}, "other");
    call("b", {}, "__proto__");
    const without = toolCalls(undefined);
    without.call("c");
    expect([...answers, ...without.answers]).toMatchObject([
      { id: "a", ok: false, error: { type: "ToolError" } },
      { id: "b", ok: false, error: { type: "ToolError" } },
      { id: "c", ok: false, error: { type: "ToolError" } },
    ]);
  });

  it("refuses an input that is nested too deeply", () => {
    const { call, answers } = toolCalls(never);
    let deep: unknown = 1;
    for (let level = 0; level < 3000; level++) deep = [deep];
    call("a", deep);
    expect(answers).toMatchObject([{ id: "a", ok: false, error: { type: "ValueError" } }]);
  });

  it("takes the id of a pending call for a break of the protocol", () => {
    const { call } = toolCalls(never);
    call("a");
    expect(() => call("a")).toThrow(ProtocolError);
    expect(() => call("b", { $blob: 3 })).toThrow(ProtocolError);
  });

  it("aborts what is pending at the end, drops its answers, and refuses the rest", async () => {
    const requests: ToolCallRequest[] = [];
    const resolvers: ((outcome: ToolCallOutcome) => void)[] = [];
    const { calls, call, answers, faults } = toolCalls((request) => {
      requests.push(request);
      return new Promise((resolve) => resolvers.push(resolve));
    });
    call("a");
    call("b");
    const signal = requests[0]?.signal;
    expect(signal?.aborted).toBe(false);
    calls.end("over");
    expect(signal?.aborted).toBe(true);
    // Asked for only after the abort.
    expect(requests[1]?.signal.aborted).toBe(true);
    for (const resolve of resolvers) resolve({ ok: true, value: 1 });
    await settled();
    expect(answers).toEqual([]);
    call("c");
    expect(answers).toMatchObject([{ id: "c", ok: false }]);
    expect(faults).toEqual([]);
  });

  it.each<[string, ToolCallHandler]>([
    ["rejects", () => Promise.reject(new Error("host"))],
    [
      "throws",
      () => {
        throw new Error("host");
      },
    ],
    ["returns nothing", () => Promise.resolve(undefined as unknown as ToolCallOutcome)],
  ])("tells Python and its owner of a handler that %s", async (_, handler) => {
    const { call, answers, faults } = toolCalls(handler);
    call("a");
    await settled();
    expect(answers).toMatchObject([{ id: "a", ok: false, error: { type: "ToolError" } }]);
    expect(JSON.stringify(answers)).not.toContain('"host"');
    expect(faults).toHaveLength(1);
  });

  it("does not start any number of forged calls", () => {
    const { call, answers } = toolCalls(never);
    for (let id = 0; id < 10_001; id++) call(String(id));
    expect(answers).toMatchObject([{ id: "10000", ok: false, error: { type: "ToolError" } }]);
  });
});
