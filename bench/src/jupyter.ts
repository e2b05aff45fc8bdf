/*
 * The Jupyter executor against a bare websocket client in the same run: start of a kernel, cells, tool
 * calls; with the server's own settings and without Nagle's algorithm.
 *
 *   npm run bench:jupyter
 *
 * It installs the server, and says in JUPYTER_PROGRAMS where.
 */
import { fileURLToPath } from "node:url";
import { declareTools, tool } from "@codeact/core";
import { JupyterExecutor } from "@codeact/executors/jupyter";
import * as z from "zod";
import { BareKernel } from "./support/bare-kernel.js";
import { JupyterServer } from "./support/jupyter-server.js";
import { printFigures, printMachine } from "./support/report.js";
import { interleave, type Summary } from "./support/statistics.js";

const programs = process.env["JUPYTER_PROGRAMS"];
if (programs === undefined) throw new Error("Run it by `npm run bench:jupyter`.");

const noDelay = fileURLToPath(
  new URL("../../examples/jupyter/jupyter_no_delay.py", import.meta.url),
);
const calls = 50;

const increment = tool({
  name: "increment",
  description: "Adds one.",
  inputSchema: z.object({ value: z.int() }),
  execute: ({ value }) => value + 1,
});

const each = (summary: Summary): Summary => ({
  ...summary,
  median: summary.median / calls,
  minimum: summary.minimum / calls,
  maximum: summary.maximum / calls,
});

async function measure(title: string, options: readonly string[]): Promise<void> {
  const server = await JupyterServer.start(programs ?? "", options);
  const executor = new JupyterExecutor({ baseUrl: server.baseUrl, token: server.token });
  try {
    const starts = await interleave(7, {
      bare: async () => (await BareKernel.start(server)).close(),
      ours: async () => (await executor.start()).close(),
    });
    printFigures(`${title}: start of a kernel, and its end`, "ms", [
      { name: "bare client (baseline)", summary: starts.bare },
      { name: "JupyterExecutor", summary: starts.ours, baseline: starts.bare },
    ]);

    const bare = await BareKernel.start(server);
    const ponging = await BareKernel.start(server, true);
    const python = await executor.start({ tools: declareTools([increment]) });
    const onToolCall = () => Promise.resolve({ ok: true as const, value: 2 });
    const cell = {
      bare: () => bare.execute("1+1"),
      ponging: () => ponging.execute("1+1"),
      ours: () => python.execute("1+1"),
    };
    await interleave(20, cell);
    for (const [when, pauseMs, rounds] of [
      ["at once after another", 0, 200],
      ["after a pause", 100, 30],
    ] as const) {
      const cells = await interleave(rounds, cell, pauseMs);
      printFigures(`${title}: cell 1+1 ${when} (bar 1.2 ×, aim 1.05 ×)`, "ms", [
        { name: "bare client (baseline)", summary: cells.bare },
        { name: "bare client that pongs", summary: cells.ponging, baseline: cells.bare },
        { name: "JupyterExecutor", summary: cells.ours, baseline: cells.bare },
        { name: "… against the one that pongs", summary: cells.ours, baseline: cells.ponging },
      ]);
    }

    const inputs = `for _ in range(${calls}): input("1")`;
    const tools = await interleave(20, {
      bare: () => bare.execute(inputs),
      ponging: () => ponging.execute(inputs),
      ours: () => python.execute(`for _ in range(${calls}): increment(1)`, { onToolCall }),
      map: () => python.execute(`increment.map([1] * ${calls})`, { onToolCall }),
    });
    const baseline = each(tools.bare);
    printFigures(`${title}: a tool call, of ${calls} in a cell`, "ms", [
      { name: "bare client, input() (baseline)", summary: baseline },
      { name: "bare client that pongs", summary: each(tools.ponging), baseline },
      { name: "JupyterExecutor, in a row", summary: each(tools.ours), baseline },
      { name: "JupyterExecutor, by map", summary: each(tools.map), baseline },
    ]);
    await ponging.close();
    await bare.close();
  } finally {
    await executor.close();
    await server.stop();
  }
}

printMachine();
await measure("Server as it comes", []);
await measure("Server without Nagle's delay", [`--config=${noDelay}`]);
