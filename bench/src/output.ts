/*
 * 1 GiB of numbered lines from a cell: the host's memory, their order, and the count of what was
 * dropped; and lines that Python, the system call, a child and a grandchild write in turn.
 *
 *   node --expose-gc scripts/run-typescript.mjs bench/src/output.ts
 */
import type { ExecutionResult } from "@codeact/core";
import { PythonExecutor } from "@codeact/executors/python";
import { printFigures, printMachine } from "./support/report.js";
import { summarize, time } from "./support/statistics.js";

const rounds = 3;
const lineBytes = 64;
const lines = 2 ** 24;
const flood = `
import os
for first in range(0, ${lines}, 4096):
    os.write(1, b"".join(b"%0${lineBytes - 1}d\\n" % i for i in range(first, first + 4096)))
`;
const turns = 100;
const inTurn = `
import os, subprocess, sys
for turn in range(${turns}):
    print("python", turn)
    os.write(1, b"write %d\\n" % turn)
    print("error", turn, file=sys.stderr)
    subprocess.run(["sh", "-c", f"echo child {turn}; sh -c 'echo grandchild {turn}'"])
`;

function textOf({ outputs }: ExecutionResult): string {
  return outputs.map((output) => (output.type === "text" ? output.text : "")).join("");
}

/** Whether the kept lines are consecutive besides the one gap in the middle. */
function checkFlood(result: ExecutionResult): void {
  const text = textOf(result);
  const total = lines * lineBytes;
  if (Buffer.byteLength(text) + result.droppedBytes !== total) {
    throw new Error(`${text.length} kept and ${result.droppedBytes} dropped are not ${total}`);
  }
  const kept = text.split("\n").map(Number);
  const gaps = kept.slice(1, -1).filter((line, index) => line !== (kept[index] ?? 0) + 1);
  if (kept[0] !== 0 || kept.at(-2) !== lines - 1 || gaps.length > 1) {
    throw new Error(`the order is wrong: gaps before ${gaps.slice(0, 5).join(", ")}`);
  }
}

function checkTurns(result: ExecutionResult): void {
  const speakers = ["python", "write", "error", "child", "grandchild"];
  const expected = Array.from({ length: turns }, (_, turn) =>
    speakers.map((speaker) => `${speaker} ${turn}\n`).join(""),
  ).join("");
  if (textOf(result) !== expected) throw new Error("what was written in turn is out of order");
}

printMachine();
const executor = new PythonExecutor();
const interpreter = await executor.start();
const growth: number[] = [];
const throughput: number[] = [];
const turnMs: number[] = [];
for (let round = 0; round < rounds; round++) {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 5);
  const milliseconds = await time(async () => checkFlood(await interpreter.execute(flood)));
  clearInterval(watch);
  growth.push((peak - before) / 1e6);
  throughput.push((lines * lineBytes) / 1e6 / milliseconds);
  turnMs.push(await time(async () => checkTurns(await interpreter.execute(inTurn))));
}
printFigures("1 GiB of numbered lines, in order, and the dropped bytes exact (bar +50 MB)", "", [
  { name: "growth of the host's memory, MB", summary: summarize(growth) },
  { name: "throughput, GB/s", summary: summarize(throughput) },
]);
printFigures(`Python, write(2), stderr, a child and a grandchild in turn, ${turns} times`, "ms", [
  { name: "in order", summary: summarize(turnMs) },
]);
await executor.close();
