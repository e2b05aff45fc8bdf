import { CodeActError, type ExecutionResult } from "@codeact/core";
import { describe, expect, it } from "vitest";
import type { JupyterExecutorOptions } from "../src/jupyter/index.js";
import { afterFirstLine, printed, serverTarget, ServerUnderTest } from "./server-under-test.js";
import { until } from "./until.js";

const kernelName = "bash";

describe.skipIf(serverTarget?.hasBash !== true)("JupyterExecutor with a kernel of Bash", () => {
  const server = new ServerUnderTest([
    "--ZMQChannelsWebsocketConnection.iopub_data_rate_limit=10000",
  ]);
  const start = (options: Partial<JupyterExecutorOptions> = {}) =>
    server.executor({ kernelName, ...options }).start();

  it("runs cells, keeps variables and streams output", async () => {
    const bash = await start();
    expect(bash.capabilities).toMatchObject({ fork: false, subprocess: false });
    expect((await bash.execute("x=6")).status).toBe("ok");
    const pieces: string[] = [];
    const result = await bash.execute("echo $((x * 7)); sleep 0.5; echo end", {
      onOutput: (output) => void pieces.push(output.type),
    });
    expect([result.status, result.state, printed(result)]).toEqual(["ok", "kept", "42\nend\n"]);
    expect(pieces.length).toBeGreaterThan(1);
    await bash.reset();
    expect(printed(await bash.execute("echo [$x]"))).toBe("[]\n");
  }, 120_000);

  it("reports errors in the kernel's words and goes on", async () => {
    const bash = await start();
    const failed = await bash.execute("echo before; no-such-command");
    expect([failed.status, failed.state]).toEqual(["error", "kept"]);
    expect(failed.error?.traceback).not.toBe("");
    expect(printed(failed)).toContain("before");
    expect(printed(await bash.execute("echo after"))).toBe("after\n");
  }, 120_000);

  it("interrupts a cell and keeps the variables", async () => {
    const bash = await start();
    await bash.execute("x=1");
    const late = await bash.execute("sleep 600", { timeoutMs: 1_000 });
    expect([late.status, late.state]).toEqual(["timeout", "kept"]);
    expect(printed(await bash.execute("echo $x"))).toBe("1\n");
    let running: Promise<ExecutionResult> | undefined;
    await new Promise<void>((resolve) => {
      running = bash.execute("echo begun; sleep 600", { onOutput: () => resolve() });
    });
    await bash.interrupt();
    expect(await running).toMatchObject({ status: "interrupted", state: "kept" });
  }, 120_000);

  it("says that output was lost to the server's rate limit", async () => {
    const bash = await start();
    const result = await bash.execute("printf %0300000d 0");
    expect(result.status).toBe("ok");
    expect(printed(result)).toContain("Some output was lost: the server limits its rate");
  }, 120_000);

  it("reports a kernel that dies and starts another", async () => {
    const bash = await start();
    await bash.execute("x=1");
    const result = await bash.execute("kill -9 $PPID; sleep 600");
    expect([result.status, result.state]).toEqual(["crashed", "lost"]);
    expect(printed(await bash.execute("echo [$x]"))).toBe("[]\n");
  }, 120_000);

  it("misses no cell when the connection breaks", async () => {
    const bash = await start();
    const result = await bash.execute("for i in 1 2 3 4 5; do echo $i; sleep 0.2; done", {
      onOutput: afterFirstLine(() => server.proxy.cut()),
    });
    expect([result.status, result.state]).toEqual(["ok", "kept"]);
    expect(printed(result)).toBe("1\n2\n3\n4\n5\n");
  }, 120_000);

  it("has the server's files", async () => {
    const bash = await start();
    await bash.files.write("folder/a.txt", "text");
    expect(new TextDecoder().decode(await bash.files.read("folder/a.txt"))).toBe("text");
    expect(await bash.files.list("folder")).toEqual([
      { path: "folder/a.txt", type: "file", size: 4 },
    ]);
    await bash.files.remove("folder");
    const error: unknown = await bash.files.read("folder/a.txt").catch((thrown: unknown) => thrown);
    expect(CodeActError.isInstance(error) && error.code).toBe("workspace-file");
  }, 120_000);

  it("has no tools, says so and leaves no kernel", async () => {
    const error: unknown = await server.start({ kernelName }).catch((thrown: unknown) => thrown);
    expect(CodeActError.isInstance(error) && error.code).toBe("unsupported");
    expect(String(error)).toContain("Tools need a Python kernel");
    await until(async () => (await server.process.kernels()).length === 0, "the end of the kernel");
  }, 120_000);
});
