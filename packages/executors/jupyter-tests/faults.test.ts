import { CodeActError, type ExecutionResult, type Interpreter } from "@codeact/core";
import { describe, expect, it } from "vitest";
import type { JupyterExecutorOptions } from "../src/jupyter/index.js";
import {
  afterFirstLine,
  echo,
  printed,
  serverTarget,
  ServerUnderTest,
} from "./server-under-test.js";
import { until } from "./until.js";

const lines = (count: number) => Array.from({ length: count }, (_, i) => `line ${i}\n`).join("");

function isAlive(process: number): boolean {
  try {
    return globalThis.process.kill(process, 0);
  } catch {
    return false;
  }
}

describe.skipIf(serverTarget === undefined)("JupyterExecutor, when a connection breaks,", () => {
  const server = new ServerUnderTest();
  const start = (options?: Partial<JupyterExecutorOptions>) => server.start(options);

  /** Runs a cell that prints, and does something when it has begun to. */
  const runAndBreak = (python: Interpreter, code: string, act: () => void) =>
    python.execute(code, { onOutput: afterFirstLine(act) });

  const slowLines =
    "import time\nfor i in range(200):\n    print('line', i)\n    time.sleep(0.005)";

  it.each([
    ["cut", () => server.proxy.cut()],
    ["cut in the middle of a message", () => server.proxy.cutAfter(2_345)],
    [
      "cut again and again",
      () => {
        for (const wait of [0, 150, 300, 450]) setTimeout(() => server.proxy.cut(), wait);
      },
    ],
  ])(
    "misses no output when the connection is %s",
    async (_, act) => {
      const python = await start();
      const result = await runAndBreak(python, slowLines, act);
      expect([result.status, result.state]).toEqual(["ok", "kept"]);
      expect(printed(result)).toBe(lines(200));
      expect((await python.execute("i")).outputs).toMatchObject([
        { data: { "text/plain": "199" } },
      ]);
    },
    60_000,
  );

  it("notices a connection that stalls, and misses nothing", async () => {
    const python = await start();
    const code = "import time\nfor i in range(3):\n    print('line', i)\n    time.sleep(0.2)";
    const result = await runAndBreak(python, code, () => server.proxy.stall());
    expect([result.status, printed(result)]).toEqual(["ok", lines(3)]);
  }, 90_000);

  it("works over a connection that is slow", async () => {
    const python = await start();
    server.proxy.delay(150);
    const onToolCall = () => Promise.resolve({ ok: true as const, value: "answer" });
    const result = await python.execute("print(echo(1))\necho.map([1, 2])", { onToolCall });
    server.proxy.delay(0);
    expect([result.status, printed(result)]).toEqual(["ok", "answer\n"]);
  }, 60_000);

  it.each([
    ["before the answer", false],
    ["right after the answer", true],
  ])(
    "runs no tool twice when the connection is cut %s",
    async (_, after) => {
      const python = await start();
      let calls = 0;
      const result = await python.execute("[echo(i) for i in range(20)]", {
        onToolCall: async ({ input }) => {
          calls++;
          if (calls % 7 === 3) {
            if (after) setImmediate(() => server.proxy.cut());
            else server.proxy.cut();
            await new Promise((resolve) => setTimeout(resolve, after ? 0 : 100));
          }
          return { ok: true, value: input };
        },
      });
      expect([result.status, calls]).toEqual(["ok", 20]);
      expect(result.outputs).toMatchObject([
        { data: { "text/plain": `[${Array.from({ length: 20 }, (_, i) => i).join(", ")}]` } },
      ]);
    },
    90_000,
  );

  it("gives up a connection that does not come back", async () => {
    const python = await start({ reconnectTimeoutMs: 1_000 });
    const result = await runAndBreak(python, "print('x')\nimport time\ntime.sleep(600)", () => {
      server.proxy.refuse(true);
      server.proxy.cut();
    });
    server.proxy.refuse(false);
    expect([result.status, result.state, printed(result)]).toEqual(["crashed", "lost", "x\n"]);
    expect(result.lostReason).toContain("not restored within 1000 ms");
    expect((await python.execute("6 * 7")).status).toBe("ok");
  }, 60_000);

  it("reports a kernel that was shut down by others, once, and starts another", async () => {
    const python = await start();
    const [id] = await server.process.kernels();
    await python.execute("x = 1");
    await server.process.fetch(`api/kernels/${id}`, { method: "DELETE" });
    let lost: ExecutionResult | undefined;
    await until(async () => {
      lost = await python.execute("'x' in globals()");
      return lost.status === "crashed";
    }, "the loss");
    expect(lost).toMatchObject({ state: "lost", outputs: [] });
    const next = await python.execute("'x' in globals()");
    expect(next.outputs).toMatchObject([{ data: { "text/plain": "False" } }]);
  }, 60_000);

  it("keeps what was written to files when the kernel dies", async () => {
    const python = await start();
    await python.execute("open('kept.txt', 'w').write('kept')");
    expect((await python.execute("import os\nos._exit(1)")).status).toBe("crashed");
    expect(new TextDecoder().decode(await python.files.read("kept.txt"))).toBe("kept");
    expect((await python.execute("open('kept.txt').read()")).status).toBe("ok");
  }, 60_000);

  it.each<[string, Partial<JupyterExecutorOptions>, string]>([
    ["a wrong token", { token: "wrong-token" }, "refuses the token"],
    ["an unknown kernel", { kernelName: "no-such-kernel" }, "no-such-kernel"],
    ["a kernel that does not run", { kernelId: crypto.randomUUID() }, "no kernel"],
  ])(
    "says of %s what it is",
    async (_, options, expected) => {
      const error: unknown = await server
        .executor(options)
        .start()
        .catch((thrown: unknown) => thrown);
      expect(CodeActError.isInstance(error) && error.code).toBe("executor-start");
      expect(String(error)).toContain(expected);
      expect(`${String(error)}${JSON.stringify(error)}`).not.toContain("wrong-token");
    },
    60_000,
  );

  it("shuts a kernel down that the server gives long after the start was given up", async () => {
    server.proxy.delay(8_000);
    const executor = server.executor({ startTimeoutMs: 200 });
    const starting = executor.start().catch((thrown: unknown) => thrown);
    await until(async () => (await server.process.kernels()).length === 1, "the late kernel");
    const error = await starting;
    expect(CodeActError.isInstance(error) && error.code).toBe("executor-start");
    await executor.close();
    await until(async () => (await server.process.kernels()).length === 0, "its end", 60_000);
  }, 120_000);

  it("shuts a kernel down whose answer was lost, and starts another", async () => {
    server.proxy.cutAfter(10);
    await start();
    expect(await server.process.kernels()).toHaveLength(1);
  }, 60_000);

  it("attaches to a running kernel and leaves it as it was", async () => {
    await server.withForeignKernel(async (id) => {
      const executor = server.executor({ kernelId: id });
      const python = await executor.start({ tools: [echo] });
      expect((await python.execute("mine = 5\n1/0")).error?.type).toBe("ZeroDivisionError");
      await executor.close();
      expect(await server.process.kernels()).toEqual([id]);
      const again = server.executor({ kernelId: id });
      const result = await (await again.start()).execute("mine");
      expect(result.outputs).toMatchObject([{ data: { "text/plain": "5" } }]);
      await again.close();
    });
  }, 60_000);

  it("ends a kernel whose host is gone", async () => {
    const python = await start({ orphanTimeoutMs: 1_500 });
    let process = 0;
    const onToolCall = ({ input }: { input: unknown }) => {
      process = Number(input);
      return Promise.resolve({ ok: true as const, value: null });
    };
    const told = await python.execute("import os\necho(os.getpid())", { onToolCall });
    expect(told.status).toBe("ok");
    // The executor lives on, as a host does that is out of reach for ever.
    server.proxy.refuse(true);
    server.proxy.cut();
    await until(() => !isAlive(process), "the end of the kernel", 60_000);
    server.proxy.refuse(false);
  }, 90_000);
});
