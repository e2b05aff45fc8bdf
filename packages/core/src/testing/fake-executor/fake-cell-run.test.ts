import { describe, expect, it } from "vitest";
import type { ExecuteOptions, Interpreter } from "../../executor/executor.js";
import type { ToolCallRequest } from "../../executor/tool-call.js";
import type { FakeCellHandler } from "./fake-cell.js";
import { FakeExecutor, type FakeExecutorOptions } from "./fake-executor.js";
import { FakePythonError } from "./fake-python-error.js";

const never = new Promise<never>(() => {});

async function start(
  cells: FakeCellHandler | FakeCellHandler[],
  options?: FakeExecutorOptions,
): Promise<{ executor: FakeExecutor; interpreter: Interpreter }> {
  const executor = new FakeExecutor(cells, options);
  return { executor, interpreter: await executor.start() };
}

async function runCell(handler: FakeCellHandler, options?: ExecuteOptions) {
  const { interpreter } = await start(handler);
  return interpreter.execute("the code", options);
}

describe("FakeExecutor endings", () => {
  it("turns FakePythonError into data", async () => {
    const result = await runCell(() => {
      throw new FakePythonError("KeyError", "'x'");
    });
    expect(result).toMatchObject({
      status: "error",
      state: "kept",
      error: {
        type: "KeyError",
        message: "'x'",
        frames: [{ cell: 1, line: 1, function: "<module>", source: "the code" }],
      },
    });
    expect(result.error?.traceback).toMatch(/KeyError: 'x'$/);
  });

  it("keeps variables between cells and loses them in a crash", async () => {
    const { interpreter } = await start([
      (_, { variables }) => void variables.set("x", 1),
      (_, { variables }) => variables.get("x"),
      (_, { crash }) => crash("killed by SIGSEGV"),
      (_, { variables }) => variables.has("x"),
    ]);
    await interpreter.execute("");
    expect((await interpreter.execute("")).outputs).toMatchObject([
      { data: { "text/plain": "1" } },
    ]);
    expect(await interpreter.execute("")).toMatchObject({
      status: "crashed",
      state: "lost",
      lostReason: "killed by SIGSEGV",
    });
    const last = await interpreter.execute("");
    expect(last).toMatchObject({ cell: 4, outputs: [{ data: { "text/plain": "false" } }] });
  });

  it("times out with the state kept when the handler obeys", async () => {
    const result = await runCell((_, { sleep }) => sleep(Number.POSITIVE_INFINITY), {
      timeoutMs: 5,
    });
    expect(result).toMatchObject({ status: "timeout", state: "kept" });
    expect(result.error).toBeUndefined();
  });

  it("loses the state when the handler ignores its signal", async () => {
    const { interpreter } = await start(
      [
        async (_, { variables, print }) => {
          variables.set("x", 1);
          await print("before");
          await never;
        },
        (_, { variables }) => variables.has("x"),
      ],
      { interruptGraceMs: 5 },
    );
    const result = await interpreter.execute("", { timeoutMs: 5 });
    expect(result).toMatchObject({ status: "timeout", state: "lost" });
    expect(result.lostReason).toBeTruthy();
    expect(result.outputs).toHaveLength(1);
    expect((await interpreter.execute("")).outputs).toMatchObject([
      { data: { "text/plain": "false" } },
    ]);
  });

  it("is interrupted by its signal: before, queued, within", async () => {
    const { executor, interpreter } = await start((_, { sleep }) =>
      sleep(Number.POSITIVE_INFINITY),
    );
    const interrupted = { status: "interrupted", state: "kept" };
    expect(await interpreter.execute("before", { signal: AbortSignal.abort() })).toMatchObject(
      interrupted,
    );
    expect(executor.executed).toEqual([]);
    const first = new AbortController();
    const second = new AbortController();
    const running = interpreter.execute("running", { signal: first.signal });
    const queued = interpreter.execute("queued", { signal: second.signal });
    second.abort();
    expect(await queued).toMatchObject(interrupted);
    await new Promise((resolve) => setImmediate(resolve));
    expect(interpreter.state).toBe("busy");
    first.abort();
    expect(await running).toMatchObject(interrupted);
    expect(executor.executed).toEqual(["running"]);
    expect(interpreter.state).toBe("idle");
  });

  it("is interrupted by interrupt(), which resolves after the cell", async () => {
    const { interpreter } = await start((_, { sleep }) => sleep(Number.POSITIVE_INFINITY));
    await interpreter.interrupt();
    const running = interpreter.execute("");
    let ended = false;
    const marked = running.then((result) => {
      ended = true;
      return result;
    });
    await new Promise((resolve) => setImmediate(resolve));
    await interpreter.interrupt();
    await marked;
    expect(ended).toBe(true);
    expect(await running).toMatchObject({ status: "interrupted", state: "kept" });
  });

  it("leaves no abort listener behind", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...values: Parameters<typeof add>) => {
      listeners += 1;
      add(...values);
    };
    signal.removeEventListener = (...values: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...values);
    };
    await runCell(() => 1, { signal });
    expect(listeners).toBe(0);
  });
});

describe("FakeExecutor tool calls", () => {
  it("sends requests after earlier output and returns values", async () => {
    const log: unknown[] = [];
    const result = await runCell(
      async (_, { print, call }) => {
        void print("first");
        return call("add", { a: 1 });
      },
      {
        onOutput: async (output) => {
          await Promise.resolve();
          log.push(output.type);
        },
        onToolCall: async ({ id, name, input, signal }) => {
          log.push([typeof id, name, input, signal.aborted]);
          return { ok: true, value: 3 };
        },
      },
    );
    expect(log).toEqual(["text", ["string", "add", { a: 1 }, false], "display"]);
    expect(result.outputs.at(-1)).toMatchObject({ data: { "text/plain": "3" } });
  });

  it("raises failures, which the cell may catch", async () => {
    const options: ExecuteOptions = {
      onToolCall: async () => ({ ok: false, error: { type: "ValueError", message: "bad" } }),
    };
    expect(await runCell((_, { call }) => call("t", null), options)).toMatchObject({
      status: "error",
      error: { type: "ValueError", message: "bad" },
    });
    const caught = await runCell(async (_, { call }) => {
      await call("t", null).catch(() => "caught");
    }, options);
    expect(caught.status).toBe("ok");
    expect(await runCell((_, { call }) => call("t", null))).toMatchObject({
      error: { type: "ToolError" },
    });
  });

  it("ends the cell by endCell although the handler swallows it", async () => {
    let later: unknown;
    const result = await runCell(
      async (_, { call, print }) => {
        await call("finish", 1).catch(() => {});
        await print("never seen");
        later = await call("finish", 2).catch((error: unknown) => error);
        await never;
      },
      { onToolCall: async () => ({ ok: true, value: null, endCell: true }) },
    );
    expect(result).toMatchObject({ status: "ok", state: "kept", outputs: [] });
    await new Promise((resolve) => setImmediate(resolve));
    expect(later).toMatchObject({ type: "RuntimeError" });
  });

  it("aborts pending calls when the cell ends, and not finished ones", async () => {
    const requests: ToolCallRequest[] = [];
    const result = await runCell(
      async (_, { call }) => {
        await call("quick", null);
        await Promise.all([call("slow", null), call("slow", null)]);
      },
      {
        timeoutMs: 5,
        onToolCall: (request) => {
          requests.push(request);
          return request.name === "quick" ? Promise.resolve({ ok: true, value: 1 }) : never;
        },
      },
    );
    expect(result).toMatchObject({ status: "timeout", state: "kept" });
    expect(requests.map((request) => request.signal.aborted)).toEqual([false, true, true]);
    expect(new Set(requests.map((request) => request.id)).size).toBe(3);
  });

  it("does not count paused time", async () => {
    const result = await runCell((_, { call }) => call("approval", null), {
      timeoutMs: 40,
      onToolCall: async (request) => {
        const resume = request.pauseClock();
        await new Promise((resolve) => setTimeout(resolve, 120));
        resume();
        return { ok: true, value: null };
      },
    });
    expect(result.status).toBe("ok");
  });

  it("rejects when the handler of the host throws", async () => {
    const cause = new Error("host");
    await expect(
      runCell((_, { call }) => call("t", null), { onToolCall: () => Promise.reject(cause) }),
    ).rejects.toMatchObject({ cause });
  });

  it("copies values, so that host and cell share nothing", async () => {
    const value = { list: [1] };
    let returned: unknown;
    await runCell(
      async (_, { call }) => {
        const input = { a: [1] };
        returned = await call("t", input);
        expect(input).toEqual({ a: [1] });
      },
      {
        onToolCall: async ({ input }) => {
          (input as { a: number[] }).a.push(2);
          return { ok: true, value };
        },
      },
    );
    value.list.push(2);
    expect(returned).toEqual({ list: [1] });
  });
});
