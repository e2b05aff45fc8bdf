import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { FakeExecutor, ScriptedModel } from "../testing/index.js";
import { tool } from "../tool/tool.js";
import { Agent } from "./agent.js";
import { code } from "./test-support.js";

setFlagsFromString("--expose_gc");
const collectGarbage = runInNewContext("gc") as () => void;

const echo = tool({
  name: "echo",
  description: "Echoes.",
  inputSchema: z.object({ text: z.string() }),
  execute: ({ text }) => text,
});

describe("a process with many runs", () => {
  it("grows by at most 5 MB in 1,000 runs and keeps no handle", { timeout: 120_000 }, async () => {
    const executor = new FakeExecutor((_code, { call }) =>
      call("echo", { text: "x".repeat(1000) }),
    );
    const controller = new AbortController();
    const runMany = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index++) {
        const agent = new Agent({
          model: new ScriptedModel([code("echo('x')"), "", code("echo('y')"), "done"]),
          executor,
          tools: [echo],
        });
        const stream = agent.stream("Go.", { signal: controller.signal });
        for await (const event of stream) void event;
      }
      // The double keeps what it executed; that is not the library's memory.
      (executor.executed as string[]).length = 0;
    };
    await runMany(300);
    collectGarbage();
    const handles = process.getActiveResourcesInfo().length;
    const before = process.memoryUsage().heapUsed;
    await runMany(1000);
    collectGarbage();
    expect((process.memoryUsage().heapUsed - before) / 1e6).toBeLessThan(5);
    expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(handles);
  });
});
