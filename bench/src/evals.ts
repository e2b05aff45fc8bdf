/*
 * What the evaluation harness costs: 1,000 attempts whose model is recorded, 50 at once. The same
 * agent runs without the harness are the baseline: what is more is planning, judging and the journal.
 *
 *   node scripts/run-typescript.mjs bench/src/evals.ts
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Agent, jsonFormat, tool } from "@codeact/core";
import { FakeExecutor } from "@codeact/core/testing";
import { agentTask, type Suite, runEvaluation } from "@codeact/evals";
import { type RecordedExchange, RecordedModel, recordModel } from "@codeact/models/recorded";
import { z } from "zod";
import { printMachine } from "./support/report.js";
import { interleave } from "./support/statistics.js";

const count = 1_000;
const concurrency = 50;
const rounds = 5;

const double = tool({
  name: "double",
  description: "Twice a number.",
  inputSchema: z.object({ value: z.number() }),
  outputSchema: z.number(),
  execute: ({ value }) => 2 * value,
});
const promptOf = (number: number): string => `What is twice ${number}?`;
const suite: Suite = {
  name: "doubles",
  formats: ["json"],
  tasks: Array.from({ length: count }, (_, number) =>
    agentTask({
      id: `doubles/${number}`,
      family: "doubles",
      prompt: promptOf(number),
      answerSchema: z.number(),
      expected: 2 * number,
      begin: () => ({ tools: [double] }),
      oracle: {
        python: "",
        *steps() {
          return Number(yield { tool: "double", arguments: { value: number } });
        },
      },
    }),
  ),
};

const exchanges: RecordedExchange[] = [];
const folder = await mkdtemp(path.join(tmpdir(), "codeact-bench-"));
const executor = new FakeExecutor([]);
const evaluate = (name: string, model: Parameters<typeof runEvaluation>[0]["model"]) =>
  runEvaluation({
    suite,
    model,
    executor,
    formats: ["json"],
    concurrency,
    journal: path.join(folder, name),
  });

try {
  await evaluate("recorded.jsonl", {
    id: "doubles",
    modelFor: (task, format) => {
      const model = task.oracle?.(format);
      if (model === undefined) throw new Error(`${task.id} has no oracle.`);
      return recordModel(model, { exchanges });
    },
  });
  const replay = (): RecordedModel => new RecordedModel({ exchanges, match: "request" });

  const agentsAlone = async (): Promise<void> => {
    const model = replay();
    const numbers = Array.from({ length: count }, (_, number) => number)[Symbol.iterator]();
    const work = async (): Promise<void> => {
      for (const number of numbers) {
        const agent = new Agent({
          model,
          tools: [double],
          actionFormat: jsonFormat(),
          outputSchema: z.number(),
        });
        await agent.run(promptOf(number));
      }
    };
    await Promise.all(Array.from({ length: concurrency }, work));
  };

  const before = process.memoryUsage().rss;
  let peak = 0;
  const watching = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 20);
  let round = 0;
  const times = await interleave(rounds, {
    alone: agentsAlone,
    harness: () => evaluate(`measured-${++round}.jsonl`, replay()),
  });
  clearInterval(watching);
  const [bareMs, harnessMs] = [times.alone.median, times.harness.median];

  printMachine();
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
  console.log(`${count} attempts, ${concurrency} at once, median of ${rounds} rounds`);
  console.log(`  agents alone            ${(bareMs / count).toFixed(2)} ms an attempt`);
  console.log(`  with the harness        ${(harnessMs / count).toFixed(2)} ms an attempt`);
  console.log(
    `  the harness adds        ${((harnessMs - bareMs) / count).toFixed(2)} ms (bar 5 ms)`,
  );
  console.log(
    `  throughput              ${(count / (harnessMs / 1000)).toFixed(0)} attempts a second`,
  );
  console.log(`  memory                  ${megabytes(before)} before, ${megabytes(peak)} at most`);
} finally {
  await executor.close();
  await rm(folder, { recursive: true });
}
