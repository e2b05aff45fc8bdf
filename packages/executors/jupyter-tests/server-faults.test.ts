import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ExecutionResult, Interpreter } from "@codeact/core";
import { describe, expect, it } from "vitest";
import { isRunning } from "./process-end.js";
import {
  afterFirstLine,
  echo,
  printed,
  serverTarget,
  ServerUnderTest,
} from "./server-under-test.js";
import { until } from "./until.js";

const rateLimits = [
  "iopub_msg_rate_limit=20",
  "iopub_data_rate_limit=20000",
  "rate_limit_window=1",
];
const culling = ["cull_idle_timeout=4", "cull_interval=1", "cull_connected=True"];

/** The value of a cell's last expression. */
const valueOf = ({ outputs }: ExecutionResult): unknown =>
  outputs.map((output) => (output.type === "display" ? output.data["text/plain"] : ""))[0];

async function processOf(python: Interpreter): Promise<number> {
  return Number(valueOf(await python.execute("import os\nos.getpid()")));
}

/** What a cell says that comes after a loss between two cells, which may not be known at once. */
async function nextLoss(python: Interpreter): Promise<ExecutionResult> {
  let result = await python.execute("'x' in globals()");
  await until(async () => {
    if (result.status === "ok") result = await python.execute("'x' in globals()");
    return result.status === "crashed";
  }, "the loss");
  expect(result).toMatchObject({ state: "lost", outputs: [] });
  const next = await python.execute("'x' in globals()");
  expect([next.status, valueOf(next)]).toEqual(["ok", "False"]);
  return result;
}

describe.skipIf(serverTarget === undefined)("JupyterExecutor, when a kernel dies,", () => {
  const server = new ServerUnderTest();

  it.each([
    ["ends itself", "import os\nprint('before')\nos._exit(1)"],
    [
      "is killed, as for lack of memory,",
      // The call comes after the output, which is out of the process then.
      "import os, signal\nprint('before')\necho(1)\nos.kill(os.getpid(), signal.SIGKILL)",
    ],
  ])(
    "says so when it %s and has another for the next cell",
    async (_, code) => {
      const python = await server.start();
      await python.execute("x = 1");
      const result = await python.execute(code, {
        onToolCall: ({ input }) => Promise.resolve({ ok: true, value: input }),
      });
      expect([result.status, result.state]).toEqual(["crashed", "lost"]);
      expect(result.lostReason).toContain("died");
      expect(printed(result)).toBe("before\n");
      const next = await python.execute("'x' in globals(), echo(2)", {
        onToolCall: ({ input }) => Promise.resolve({ ok: true, value: input }),
      });
      expect(valueOf(next)).toBe("(False, 2)");
    },
    60_000,
  );

  it("keeps the kernel where memory is only refused", async () => {
    const python = await server.start();
    const code = `
x = 1
import resource
limits = resource.getrlimit(resource.RLIMIT_AS)
resource.setrlimit(resource.RLIMIT_AS, (2 ** 33, limits[1]))
try:
    bytearray(2 ** 40)
finally:
    resource.setrlimit(resource.RLIMIT_AS, limits)`;
    const result = await python.execute(code);
    expect([result.status, result.state]).toEqual(["error", "kept"]);
    expect(result.error?.type).toBe("MemoryError");
    expect(valueOf(await python.execute("x"))).toBe("1");
  }, 60_000);

  it("has ended it itself, for its host was killed", async () => {
    const root = new URL("../../../", import.meta.url);
    const script = fileURLToPath(new URL("host-to-kill.ts", import.meta.url));
    const run = fileURLToPath(new URL("scripts/run-typescript.mjs", root));
    const { baseUrl, token } = server.process;
    const env = { ...process.env, JUPYTER_URL: baseUrl, JUPYTER_TOKEN: token };
    const host = spawn(process.execPath, [run, script], { detached: true, cwd: root, env });
    let told = "";
    host.stdout.on("data", (data: Buffer) => {
      told += data.toString();
    });
    try {
      await until(() => told.includes("\n"), "the kernel", 60_000);
    } finally {
      process.kill(-Number(host.pid), "SIGKILL");
    }
    const [, kernel = "", workspace = ""] = /^(\d+) (.+)\n/.exec(told) ?? [];
    expect(existsSync(workspace)).toBe(true);
    await until(() => !isRunning(Number(kernel)), "the end of the kernel", 60_000);
    expect(existsSync(workspace)).toBe(false);
    // Only culling would take it off the server's list.
    for (const id of await server.process.kernels()) {
      await server.process.fetch(`api/kernels/${id}`, { method: "DELETE" });
    }
  }, 120_000);

  it("goes on in a kernel of the user's that the server started anew", async () => {
    await server.withForeignKernel(async (kernelId) => {
      const executor = server.executor({ kernelId });
      const python = await executor.start({ tools: [echo] });
      const result = await python.execute("x = 1\nimport os\nos._exit(1)");
      expect([result.status, result.state]).toEqual(["crashed", "lost"]);
      const next = await python.execute("'x' in globals(), echo(2)", {
        onToolCall: ({ input }) => Promise.resolve({ ok: true, value: input }),
      });
      expect(valueOf(next)).toBe("(False, 2)");
      await executor.close();
      expect(await server.process.kernels()).toEqual([kernelId]);
    });
  }, 60_000);
});

describe.skipIf(serverTarget === undefined)("JupyterExecutor", () => {
  const server = new ServerUnderTest(culling.map((option) => `--MappingKernelManager.${option}`));

  it("says that the server culled its kernel, and starts another", async () => {
    const python = await server.start();
    await python.execute("x = 1");
    await until(async () => (await server.process.kernels()).length === 0, "the culling");
    // The kernel says so itself, unless the server was quicker to forget it.
    expect((await nextLoss(python)).lostReason).toMatch(/shut down|culled/);
  }, 60_000);
});

describe.skipIf(serverTarget === undefined)("JupyterExecutor, when its server", () => {
  const server = new ServerUnderTest(
    rateLimits.map((option) => `--ZMQChannelsWebsocketConnection.${option}`),
  );

  it("limits the rate of output, misses none", async () => {
    const python = await server.start();
    const code = `
import sys, time
for i in range(300):
    print(i, "x" * 200)
    time.sleep(0.01)`;
    const result = await python.execute(code);
    const expected = Array.from({ length: 300 }, (_, i) => `${i} ${"x".repeat(200)}\n`).join("");
    expect([result.status, result.droppedBytes]).toEqual(["ok", 0]);
    expect(printed(result)).toBe(expected);
    expect(server.process.log).toContain("rate exceeded");
  }, 60_000);

  it("is killed and started again between two cells, has a new kernel there", async () => {
    const python = await server.start({ orphanTimeoutMs: 2_000 });
    await python.execute("x = 1");
    const process = await processOf(python);
    await server.process.restart();
    expect((await nextLoss(python)).lostReason).toContain("no longer has the kernel");
    await until(() => !isRunning(process), "the end of the kernel that was left");
  }, 90_000);

  it("is killed and started again within a cell, loses the cell", async () => {
    const python = await server.start({ orphanTimeoutMs: 2_000 });
    const process = await processOf(python);
    let restarted: Promise<void> | undefined;
    const result = await python.execute("print('before')\nimport time\ntime.sleep(600)", {
      onOutput: afterFirstLine(() => {
        restarted = server.process.restart();
      }),
    });
    await restarted;
    expect([result.status, result.state, printed(result)]).toEqual(["crashed", "lost", "before\n"]);
    expect(result.lostReason).toContain("no longer has the kernel");
    expect(valueOf(await python.execute("6 * 7"))).toBe("42");
    await until(() => !isRunning(process), "the end of the kernel that was left");
  }, 90_000);

  it("is behind a proxy that answers 503 and 504 for a while, waits", async () => {
    server.proxy.answer(503);
    setTimeout(() => server.proxy.answer(undefined), 500);
    const python = await server.start();
    const code = "import time\nfor i in range(5):\n    print(i)\n    time.sleep(0.1)";
    const result = await python.execute(code, {
      onOutput: afterFirstLine(() => {
        server.proxy.answer(504);
        server.proxy.cut();
        setTimeout(() => server.proxy.answer(undefined), 500);
      }),
    });
    expect([result.status, printed(result)]).toEqual(["ok", "0\n1\n2\n3\n4\n"]);
  }, 60_000);

  it("is behind a proxy that answers 502 for good, gives up in time", async () => {
    const python = await server.start({ reconnectTimeoutMs: 1_000 });
    const result = await python.execute("print('before')\nimport time\ntime.sleep(600)", {
      onOutput: afterFirstLine(() => {
        server.proxy.answer(502);
        server.proxy.cut();
      }),
    });
    server.proxy.answer(undefined);
    expect([result.status, result.state, printed(result)]).toEqual(["crashed", "lost", "before\n"]);
    expect(result.lostReason).toContain("not restored within 1000 ms: it answered with status 502");
  }, 60_000);
});
