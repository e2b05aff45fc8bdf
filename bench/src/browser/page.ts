import { declareTools, type Interpreter, tool } from "@codeact/core";
import { PyodideExecutor } from "@codeact/executors/pyodide";
import { z } from "zod";
import { interleave, type Summary, summarize, time } from "../support/statistics.js";

const increment = tool({
  name: "increment",
  description: "Adds one.",
  inputSchema: z.object({ value: z.int() }),
  execute: ({ value }) => value + 1,
});
const tools = declareTools([increment]);

const cells = {
  cell: "1+1",
  loop: "n = 0\nfor i in range(1_000_000): n += i\nn",
};
const calls = "for _ in range(100): increment(1)";

/** Python in a page, ours or Pyodide by itself. */
interface Python {
  run(code: string): Promise<void>;
  close(): Promise<void>;
}

async function startPlain(): Promise<Python> {
  const worker = new Worker("plain-worker.js", { type: "module" });
  const answer = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      worker.onmessage = resolve;
      worker.onerror = (event) => reject(new Error(event.message));
    });
  await answer();
  return {
    run: async (code) => {
      const done = answer();
      worker.postMessage(code);
      await done;
    },
    close: async () => worker.terminate(),
  };
}

async function startOurs(): Promise<Python> {
  const executor = new PyodideExecutor({ indexUrl: "/pyodide/" });
  const python = await executor.start({ tools });
  return { run: (code) => runOurs(python, code), close: () => executor.close() };
}

async function runOurs(python: Interpreter, code: string): Promise<void> {
  const onToolCall = async () => ({ ok: true as const, value: 2 });
  const { status, error } = await python.execute(code, { onToolCall });
  if (status !== "ok") throw new Error(error?.traceback ?? status);
}

async function startAndRun(start: () => Promise<Python>): Promise<void> {
  const python = await start();
  await python.run(cells.cell);
  await python.close();
}

const given = {
  /** A start, a cell, the end: twice in this page, in milliseconds. */
  async starts(kind: "plain" | "ours"): Promise<number[]> {
    const start = () => startAndRun(kind === "plain" ? startPlain : startOurs);
    return [await time(start), await time(start)];
  },

  async cells(): Promise<Record<"cell" | "loop", Record<"plain" | "ours", Summary>>> {
    const [plain, ours] = [await startPlain(), await startOurs()];
    const measure = async (code: string, rounds: number) => {
      const actions = { plain: () => plain.run(code), ours: () => ours.run(code) };
      await interleave(2, actions);
      return interleave(rounds, actions);
    };
    const figures = { cell: await measure(cells.cell, 100), loop: await measure(cells.loop, 5) };
    await Promise.all([plain.close(), ours.close()]);
    return figures;
  },

  /** How long loops go on after they are interrupted; only where that keeps their state. */
  async interrupts(): Promise<Summary> {
    const executor = new PyodideExecutor({ indexUrl: "/pyodide/" });
    const python = await executor.start();
    const times: number[] = [];
    while (times.length < 20) {
      let interrupted = 0;
      const { state, lostReason } = await python.execute("print(1)\nwhile True: pass", {
        onOutput: () => {
          interrupted = performance.now();
          void python.interrupt();
        },
      });
      if (state !== "kept") throw new Error(lostReason);
      times.push(performance.now() - interrupted);
    }
    await executor.close();
    return summarize(times);
  },

  /** 100 calls in a row. */
  async calls(): Promise<Summary> {
    const python = await startOurs();
    await interleave(2, { calls: () => python.run(calls) });
    const figures = await interleave(50, { calls: () => python.run(calls) });
    await python.close();
    return figures.calls;
  },
};

declare global {
  var bench: typeof given;
}

globalThis.bench = given;
