import { getEventListeners } from "node:events";
import { afterEach, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import type { WireValue } from "../executor/tool-call.js";
import { jsonSchema } from "../schema/json-schema.js";
import { invokeTool } from "./invoke.js";
import { type Tool, type ToolExecuteOptions, tool } from "./tool.js";

const base = { name: "get_weather", description: "Current weather of a city." };
const inputSchema = z.object({
  city: z.string().min(2),
  unit: z.enum(["c", "f"]).default("c"),
  from: z.string().optional(),
});
const signature =
  'get_weather(city: str, unit: Literal["c", "f"] = "c", from_: Optional[str] = None) -> Any';

function options(signal = new AbortController().signal): ToolExecuteOptions {
  return { signal, context: { user: "u" }, toolCallId: "call_1", runId: "run_1" };
}

function invoke(definition: Tool<never, unknown, never>, input: WireValue, signal?: AbortSignal) {
  return invokeTool(definition, input, options(signal));
}

function failing(execute: () => unknown) {
  return invoke(tool({ ...base, inputSchema: z.object({}), execute }), {});
}

afterEach(() => {
  vi.useRealTimers();
});

test("gives execute the parsed input and the options, and maps what it returns", async () => {
  const execute = vi.fn((input: object, { context, toolCallId, runId }: ToolExecuteOptions) => ({
    input,
    at: new Date(0),
    context,
    toolCallId,
    runId,
  }));
  const outcome = await invoke(tool({ ...base, inputSchema, execute }), { city: "Oslo" });
  expect(outcome).toEqual({
    ok: true,
    value: {
      input: { city: "Oslo", unit: "c" },
      at: "1970-01-01T00:00:00.000Z",
      context: { user: "u" },
      toolCallId: "call_1",
      runId: "run_1",
    },
  });
});

test("a tool may be an instance of a class that uses this", async () => {
  class Counter implements Tool {
    readonly name = "count";
    readonly description = "Counts.";
    readonly inputSchema = z.object({});
    #count = 0;
    execute() {
      this.#count += 1;
      return this.#count;
    }
  }
  expect(await invoke(new Counter(), {})).toEqual({ ok: true, value: 1 });
});

test("keeps members of the options that others added", async () => {
  const key = Symbol("link");
  const read = tool({
    ...base,
    inputSchema: z.object({}),
    execute: (_input, given) => (given as unknown as Record<symbol, string>)[key],
  });
  const linked = { ...options(), [key]: "linked" };
  expect(await invokeTool(read, {}, linked)).toEqual({ ok: true, value: "linked" });
});

describe("arguments that do not fit never reach execute", () => {
  const table: [string, WireValue, "TypeError" | "ValueError", string][] = [
    ["missing", {}, "TypeError", 'missing argument "city"'],
    ["unknown", { city: "Oslo", town: 1 }, "TypeError", 'unexpected argument "town"'],
    [
      "of a wrong type",
      { city: 3 },
      "TypeError",
      "city: Invalid input: expected string, received number",
    ],
    ["of a forbidden value", { city: "O" }, "ValueError", "city: Too small"],
    ["no option", { city: "Oslo", unit: "k" }, "ValueError", "unit: Invalid option"],
    ["null", { city: null }, "TypeError", "city: Invalid input: expected string, received null"],
    [
      "bytes",
      { city: new Uint8Array(1) },
      "TypeError",
      "city: Invalid input: expected string, received Uint8Array",
    ],
    [
      "surplus",
      ["a", "c", "d", "e"],
      "TypeError",
      "it takes 3 positional arguments but 4 were given",
    ],
    ["no object", "Oslo", "TypeError", "its arguments must be given by name"],
    ["bytes as a whole", new Uint8Array(1), "TypeError", "its arguments must be given by name"],
    [
      "inherited names",
      { constructor: 1, city: "Oslo" },
      "TypeError",
      'unexpected argument "constructor"',
    ],
  ];
  test.each(table)("%s", async (_title, input, type, message) => {
    const execute = vi.fn();
    const outcome = await invoke(tool({ ...base, inputSchema, execute }), input);
    expect(outcome).toEqual({ ok: false, error: { type, message: expect.any(String) as string } });
    const text = outcome.ok ? "" : outcome.error.message;
    expect(text).toContain(`get_weather(): ${message}`);
    expect(text.endsWith(`\nCall it as ${signature}`)).toBe(true);
    expect(execute).not.toHaveBeenCalled();
  });
});

test("a schema that allows other members gets them", async () => {
  const open = tool({
    ...base,
    inputSchema: z.looseObject({ a: z.int() }),
    execute: (input) => input,
  });
  expect(await invoke(open, { a: 1, b: 2 })).toEqual({ ok: true, value: { a: 1, b: 2 } });
});

test("a single value is passed as it is", async () => {
  const sum = tool({
    ...base,
    inputSchema: z.array(z.number()),
    execute: (numbers) => numbers.reduce((a, b) => a + b, 0),
  });
  expect(await invoke(sum, [1, 2])).toEqual({ ok: true, value: 3 });
  expect(await invoke(sum, { value: [1] })).toMatchObject({
    ok: false,
    error: { type: "TypeError", message: expect.stringContaining("expected array") as string },
  });
});

test("bytes arrive as Uint8Array and go back as bytes", async () => {
  const reverse = tool({
    ...base,
    inputSchema: z.object({ data: z.instanceof(Uint8Array) }),
    outputSchema: z.instanceof(Uint8Array),
    execute: ({ data }) => Uint8Array.from([...data].reverse()),
  });
  expect(await invoke(reverse, { data: new Uint8Array([1, 2]) })).toEqual({
    ok: true,
    value: new Uint8Array([2, 1]),
  });
});

test("asynchronous schemas and plain JSON Schema validate too", async () => {
  const slow = tool({
    ...base,
    inputSchema: z.object({ a: z.string().refine(async (value) => value !== "x", "taken") }),
    outputSchema: z
      .string()
      .transform(async (value) => value.length)
      .pipe(z.int()),
    execute: ({ a }) => a,
  });
  expect(await invoke(slow, { a: "ab" })).toEqual({ ok: true, value: 2 });
  expect(await invoke(slow, { a: "x" })).toMatchObject({
    error: { type: "ValueError", message: expect.stringContaining("a: taken") as string },
  });
  const plain = tool({
    ...base,
    inputSchema: jsonSchema<{ a: string; b: number }>({
      type: "object",
      properties: { a: { type: "string" }, b: { type: "number", default: 2 } },
      required: ["a"],
    }),
    execute: ({ a, b }) => a.repeat(b),
  });
  expect(await invoke(plain, { a: "x" })).toEqual({ ok: true, value: "xx" });
  expect(await invoke(plain, { a: 1 })).toMatchObject({ error: { type: "TypeError" } });
});

describe("an output that does not fit is the tool's failure", () => {
  const invalid = (outputSchema: z.ZodType, value: unknown) =>
    invoke(tool({ ...base, inputSchema: z.object({}), outputSchema, execute: () => value }), {});
  test("by the schema", async () => {
    expect(await invalid(z.object({ celsius: z.number() }), { celsius: "3" })).toEqual({
      ok: false,
      error: {
        type: "ToolError",
        message:
          "get_weather returned an invalid value: celsius: Invalid input: expected number, received string",
      },
    });
  });
  test("by having no counterpart in Python", async () => {
    expect(await invalid(z.any(), { a: () => 0 })).toEqual({
      ok: false,
      error: {
        type: "ToolError",
        message:
          "get_weather returned an invalid value: TypeError: a is a function, which Python cannot get",
      },
    });
  });
  test("undefined is None where the schema allows it", async () => {
    expect(await invalid(z.void(), undefined)).toEqual({ ok: true, value: null });
  });
});

describe("what execute throws becomes a ToolError without a stack", () => {
  const outcome = { ok: false, error: { type: "ToolError", message: "RangeError: too far" } };
  test("at once", async () => {
    const execute = () => {
      throw new RangeError("too far");
    };
    expect(await failing(execute)).toEqual(outcome);
  });
  test("later", async () => {
    expect(await failing(() => Promise.reject(new RangeError("too far")))).toEqual(outcome);
  });
});

describe("time-out", () => {
  const hang = (onSignal: (signal: AbortSignal) => void, timeoutMs?: number) =>
    tool({
      ...base,
      inputSchema: z.object({}),
      ...(timeoutMs !== undefined && { timeoutMs }),
      execute: (_input, { signal }) => {
        onSignal(signal);
        return new Promise<never>(() => undefined);
      },
    });

  test("ends a call whose tool ignores its signal", async () => {
    vi.useFakeTimers();
    let seen: AbortSignal | undefined;
    const controller = new AbortController();
    const outcome = invoke(
      hang((signal) => {
        seen = signal;
      }, 50),
      {},
      controller.signal,
    );
    await vi.advanceTimersByTimeAsync(49);
    expect(seen?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toEqual({
      ok: false,
      error: { type: "ToolError", message: "get_weather timed out after 50 ms." },
    });
    expect(seen?.reason).toMatchObject({ name: "TimeoutError" });
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("leaves no timer after a call that was quick", async () => {
    vi.useFakeTimers();
    const quick = tool({ ...base, inputSchema: z.object({}), timeoutMs: 50, execute: () => 1 });
    expect(await invoke(quick, {})).toEqual({ ok: true, value: 1 });
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a tool that rejects later than its time-out raises nothing", async () => {
    let reject: (error: Error) => void = () => undefined;
    const late = tool({
      ...base,
      inputSchema: z.object({}),
      timeoutMs: 1,
      execute: () =>
        new Promise<never>((_resolve, fail) => {
          reject = fail;
        }),
    });
    expect(await invoke(late, {})).toMatchObject({ ok: false });
    // vitest fails the run on an unhandled rejection.
    reject(new Error("too late"));
    await new Promise((resolve) => setImmediate(resolve));
  });

  test("an abort ends the call at once and removes the listener", async () => {
    const controller = new AbortController();
    const outcome = invoke(
      hang(() => controller.abort(new Error("stop"))),
      {},
      controller.signal,
    );
    expect(await outcome).toEqual({
      ok: false,
      error: { type: "ToolError", message: "get_weather was aborted." },
    });
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
  });

  test("the abort is what counts when the tool then rejects with its reason", async () => {
    const controller = new AbortController();
    const obedient = tool({
      ...base,
      inputSchema: z.object({}),
      execute: (_input, { signal }) =>
        new Promise<never>((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Error("AbortError of the tool")));
          controller.abort();
        }),
    });
    expect(await invoke(obedient, {}, controller.signal)).toMatchObject({
      error: { message: "get_weather was aborted." },
    });
  });

  test("nothing runs under a signal that has aborted, or aborts during validation", async () => {
    const execute = vi.fn();
    const aborted = await invoke(
      tool({ ...base, inputSchema: z.object({}), execute }),
      {},
      AbortSignal.abort(),
    );
    const controller = new AbortController();
    const validating = tool({
      ...base,
      inputSchema: z.object({}).refine(async () => {
        controller.abort();
        return true;
      }),
      execute,
    });
    const outcome = {
      ok: false,
      error: { type: "ToolError", message: "get_weather was aborted." },
    };
    expect(aborted).toEqual(outcome);
    expect(await invoke(validating, {}, controller.signal)).toEqual(outcome);
    await new Promise((resolve) => setImmediate(resolve));
    expect(execute).not.toHaveBeenCalled();
  });

  test("a normal call leaves no listener", async () => {
    const controller = new AbortController();
    const quick = tool({ ...base, inputSchema: z.object({}), execute: () => 1 });
    await invoke(quick, {}, controller.signal);
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
  });
});

test("input so deep that validation overflows the stack is an outcome too", async () => {
  const deep = tool({ ...base, inputSchema: z.object({ a: z.json() }), execute: () => 1 });
  let value: WireValue = 1;
  for (let depth = 0; depth < 100_000; depth += 1) value = [value];
  expect(await invoke(deep, { a: value })).toMatchObject({ ok: false });
});

test("100 calls of one tool overlap", async () => {
  let running = 0;
  let most = 0;
  const waiting: (() => void)[] = [];
  const slow = tool({
    ...base,
    inputSchema: z.object({ index: z.int() }),
    execute: async ({ index }) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => waiting.push(resolve));
      running -= 1;
      return index;
    },
  });
  const calls = Array.from({ length: 100 }, (_, index) => invoke(slow, { index }));
  while (waiting.length < 100) await new Promise((resolve) => setImmediate(resolve));
  for (const resolve of waiting) resolve();
  const outcomes = await Promise.all(calls);
  expect(most).toBe(100);
  expect(outcomes.map((outcome) => outcome.ok && outcome.value)).toEqual(
    Array.from({ length: 100 }, (_, index) => index),
  );
});
