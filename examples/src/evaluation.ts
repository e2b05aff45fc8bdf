// Which way of acting suits a model? A small suite of one's own in three formats, and the report.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { tool } from "@codeact/core";
import {
  agentTask,
  call,
  makeReport,
  oracles,
  renderMarkdown,
  runEvaluation,
  type Suite,
} from "@codeact/evals";
import { PythonExecutor } from "@codeact/executors/python";
import { z } from "zod";

const celsius: Record<string, number> = { Oslo: 3, Rome: 19, Cairo: 27 };

const weather = tool({
  name: "get_temperature",
  description: "Current temperature of a city in degrees Celsius.",
  inputSchema: z.object({ city: z.string() }),
  outputSchema: z.number(),
  execute: ({ city }) => celsius[city] ?? Number.NaN,
});

const suite: Suite = {
  name: "weather",
  formats: ["code", "json", "text"],
  tasks: [
    agentTask({
      id: "weather/difference",
      family: "weather",
      prompt: "How many degrees is Cairo warmer than Oslo? Answer with the number.",
      answerSchema: z.number(),
      expected: 24,
      begin: () => ({ tools: [weather] }),
      // What `oracles` play instead of a model.
      oracle: {
        python: 'final_answer(get_temperature("Cairo") - get_temperature("Oslo"))',
        *steps() {
          const cairo = yield* call<number>("get_temperature", { city: "Cairo" });
          return cairo - (yield* call<number>("get_temperature", { city: "Oslo" }));
        },
      },
    }),
  ],
};

const folder = await mkdtemp(path.join(tmpdir(), "codeact-example-"));
const executor = new PythonExecutor();
try {
  // With a real model: model: new OpenAIModel({ model: "gpt-5" })
  const journal = path.join(folder, "journal.jsonl");
  const evaluation = await runEvaluation({ suite, model: oracles, executor, journal });
  const report = makeReport(evaluation);
  assert.deepEqual(
    report.formats.map(({ format, success, turns }) => [format, success.mean, turns.mean]),
    [
      ["code", 1, 1],
      ["json", 1, 3],
      ["text", 1, 3],
    ],
  );
  console.log(renderMarkdown(report));
} finally {
  await executor.close();
  await rm(folder, { recursive: true });
}
