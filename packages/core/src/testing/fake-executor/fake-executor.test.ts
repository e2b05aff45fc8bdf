import { describe, expect, it } from "vitest";
import type { ExecuteOptions, Interpreter } from "../../executor/executor.js";
import type { Output } from "../../executor/output.js";
import type { FakeCellHandler } from "./fake-cell.js";
import { FakeExecutor, type FakeExecutorOptions } from "./fake-executor.js";

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

describe("FakeExecutor scripts", () => {
  it("takes one handler a cell, shared by all interpreters", async () => {
    const executor = new FakeExecutor([() => "a", () => "b"]);
    const first = await executor.start();
    const second = await executor.start();
    await first.execute("one");
    const result = await second.execute("two");
    expect(result).toMatchObject({ cell: 1, status: "ok", state: "kept" });
    expect(result.outputs).toEqual([
      { type: "display", source: "result", data: { "text/plain": '"b"' } },
    ]);
    expect(executor.executed).toEqual(["one", "two"]);
    expect(() => executor.assertDone()).not.toThrow();
  });

  it("rejects a cell too many and goes on living", async () => {
    const { executor, interpreter } = await start([() => 1]);
    await interpreter.execute("one");
    await expect(interpreter.execute("surplus code")).rejects.toMatchObject({
      code: "script",
      message: expect.stringContaining("surplus code") as string,
    });
    expect(interpreter.state).toBe("idle");
    await executor.close();
  });

  it("reports cells that did not run", async () => {
    const { executor } = await start([() => 1, () => 2]);
    expect(() => executor.assertDone()).toThrow(/2 of 2/);
  });

  it("passes on a failure of the test's own code", async () => {
    const mistake = new TypeError("mistake");
    await expect(
      runCell(() => {
        throw mistake;
      }),
    ).rejects.toMatchObject({ code: "script", cause: mistake });
  });

  it("counts started and closed interpreters", async () => {
    const { executor, interpreter } = await start([]);
    await interpreter.fork?.();
    expect([executor.started, executor.closed]).toEqual([2, 0]);
    await interpreter.close();
    await interpreter.close();
    expect([executor.started, executor.closed]).toEqual([2, 1]);
    await executor.close();
    await executor.close();
    expect([executor.started, executor.closed]).toEqual([2, 2]);
    await expect(executor.start()).rejects.toMatchObject({ code: "executor-closed" });
  });

  it("fails or waits at the start as told, and records the tools", async () => {
    const startError = new Error("no python");
    await expect(new FakeExecutor([], { startError }).start()).rejects.toBe(startError);
    const reason = new Error("enough");
    const controller = new AbortController();
    const starting = new FakeExecutor([], { startGate: never }).start({
      signal: controller.signal,
    });
    controller.abort(reason);
    await expect(starting).rejects.toBe(reason);
    const executor = new FakeExecutor([]);
    const tool = { name: "t", pythonName: "t", stub: "def t(): ...", parameters: [] };
    await executor.start({ tools: [tool] });
    expect(executor.declaredTools).toEqual([[tool]]);
  });
});

describe("FakeExecutor output", () => {
  it("keeps order, merges text and shows the value", async () => {
    const seen: Output[] = [];
    const result = await runCell(
      (_, { print, printError, display }) => {
        void print("one");
        void print("two");
        void printError("three");
        void display("four");
        void display({ "image/png": "aGk=" });
        return { five: [5, null] };
      },
      { onOutput: (output) => void seen.push(output) },
    );
    expect(result.outputs).toEqual([
      { type: "text", stream: "stdout", text: "one\ntwo\n" },
      { type: "text", stream: "stderr", text: "three\n" },
      { type: "display", source: "display", data: { "text/plain": "four" } },
      { type: "display", source: "display", data: { "image/png": "aGk=" } },
      { type: "display", source: "result", data: { "text/plain": '{"five":[5,null]}' } },
    ]);
    expect(seen).toHaveLength(6);
    expect(seen.slice(1)).toMatchObject([
      { text: "two\n" },
      { text: "three\n" },
      { source: "display" },
      { source: "display" },
      { source: "result" },
    ]);
  });

  it.each([[undefined], [null]])("shows nothing for %s", async (value) => {
    expect((await runCell(() => value)).outputs).toEqual([]);
  });

  it("waits for onOutput before it delivers more", async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const log: string[] = [];
    const result = runCell(
      async (_, { print }) => {
        await print("a");
        log.push("a delivered");
        await print("b");
      },
      {
        onOutput: async (output) => {
          log.push(output.type === "text" ? output.text : "");
          if (log.length === 1) await gate;
        },
      },
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(log).toEqual(["a\n"]);
    release();
    await result;
    expect(log).toEqual(["a\n", "a delivered", "b\n"]);
  });

  it("cuts at maxOutputBytes between characters and counts the rest", async () => {
    let seen = "";
    const result = await runCell(
      (_, { print }) => {
        void print("aé🙂z");
        void print("more");
      },
      {
        maxOutputBytes: 5,
        onOutput: (output) => {
          if (output.type === "text") seen += output.text;
        },
      },
    );
    expect(result.outputs).toEqual([{ type: "text", stream: "stdout", text: "aé" }]);
    expect(seen).toBe("aé");
    // 1 + 2 + 4 + 1 + 1 bytes of the first line, 5 of the second, 3 of them kept.
    expect(result.droppedBytes).toBe(11);
  });

  it("rejects when onOutput throws", async () => {
    const cause = new Error("listener");
    await expect(
      runCell((_, { print }) => print("x"), {
        onOutput: () => {
          throw cause;
        },
      }),
    ).rejects.toMatchObject({ code: "script", cause });
  });
});

describe("FakeExecutor lifecycle", () => {
  it("runs queued cells in order, one at a time", async () => {
    let active = 0;
    const log: string[] = [];
    const { interpreter } = await start(async (code, { sleep }) => {
      active += 1;
      expect(active).toBe(1);
      await sleep(1);
      log.push(code);
      active -= 1;
    });
    const results = await Promise.all(["a", "b", "c"].map((code) => interpreter.execute(code)));
    expect(log).toEqual(["a", "b", "c"]);
    expect(results.map((result) => result.cell)).toEqual([1, 2, 3]);
  });

  it("resets the namespace in turn and keeps files", async () => {
    const { interpreter } = await start([
      (_, { variables }) => void variables.set("x", 1),
      (_, { variables }) => variables.has("x"),
    ]);
    await interpreter.files.write("f", "x");
    const first = interpreter.execute("");
    await interpreter.reset();
    await first;
    expect((await interpreter.execute("")).outputs).toMatchObject([
      { data: { "text/plain": "false" } },
    ]);
    expect(await interpreter.files.list()).toHaveLength(1);
  });

  it("closes while busy: running and queued cells reject, later ones too", async () => {
    const { interpreter } = await start(() => never);
    const outcomes = Promise.allSettled([interpreter.execute("a"), interpreter.execute("b")]);
    await Promise.all([interpreter.close(), interpreter.close()]);
    expect(interpreter.state).toBe("closed");
    const closed = { status: "rejected", reason: { code: "executor-closed" } };
    expect(await outcomes).toMatchObject([closed, closed]);
    await expect(interpreter.execute("c")).rejects.toMatchObject({ code: "executor-closed" });
    await expect(interpreter.reset()).rejects.toMatchObject({ code: "executor-closed" });
  });

  it("forks variables and files into an independent interpreter", async () => {
    const { interpreter } = await start((code, { variables, files }) => {
      if (code === "set") {
        const list = (variables.get("list") ?? []) as number[];
        variables.set("list", [...list, 1]);
        return files.write("f", "new");
      }
      return variables.get("list");
    });
    await interpreter.execute("set");
    const branch = await interpreter.fork?.();
    const shared = await interpreter.fork?.({ workspace: "share" });
    if (!branch || !shared) throw new Error("no fork");
    await interpreter.files.write("f", "changed");
    await branch.execute("set");
    expect((await interpreter.execute("get")).outputs).toMatchObject([
      { data: { "text/plain": "[1]" } },
    ]);
    expect((await branch.execute("get")).outputs).toMatchObject([
      { data: { "text/plain": "[1,1]" } },
    ]);
    const decode = (data: Uint8Array) => new TextDecoder().decode(data);
    expect(decode(await branch.files.read("f"))).toBe("new");
    expect(decode(await shared.files.read("f"))).toBe("changed");
    await interpreter.close();
    expect((await branch.execute("get")).status).toBe("ok");
  });

  it("refuses to fork when busy, when a value cannot be copied, and when it cannot", async () => {
    const { interpreter } = await start([
      (_, { variables }) => void variables.set("f", () => 1),
      () => never,
    ]);
    await interpreter.execute("");
    await expect(interpreter.fork?.()).rejects.toMatchObject({ code: "fork" });
    const running = interpreter.execute("");
    const settled = Promise.allSettled([running]);
    await expect(interpreter.fork?.()).rejects.toMatchObject({ code: "fork" });
    await interpreter.close();
    await settled;
    const { interpreter: plain } = await start([], { capabilities: { fork: false } });
    expect(Reflect.get(plain, "fork")).toBeUndefined();
  });
});
