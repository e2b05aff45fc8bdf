// Makes the recording that the demo replays where there is no model: the embedded model tries the
// task with one seed after another, until a run looks at the data first, meets an error, repairs it,
// and is right.
//   node scripts/run-typescript.mjs examples/src/demo/record.ts MODEL.gguf [first seed]
import { readFile, rm } from "node:fs/promises";
import type { ObservationEvent } from "@codeact/core";
import { LlamaModel } from "@codeact/models/llama";
import { recordModel } from "@codeact/models/recorded";
import { guardedPython } from "../guarded-python.js";
import { computeAnswer, findMistakes } from "./expected-answer.js";
import { recordingFile } from "./recording.js";
import { fileName, penguinAgent, task } from "./task.js";

const [, , path = "", first = "1"] = process.argv;
const csv = await readFile(new URL(`../../data/${fileName}`, import.meta.url), "utf8");
const executor = guardedPython();

/** Runs the task once; returns what is wrong with the run. */
async function attempt(seed: number): Promise<string[]> {
  await rm(recordingFile, { force: true });
  const live = await LlamaModel.load({
    model: path,
    seed,
    temperature: 0.3,
    maxOutputTokens: 500,
    threads: 2,
  });
  try {
    const agent = penguinAgent(recordModel(live, { path: recordingFile }), executor);
    const run = agent.stream({ text: task, files: { [fileName]: csv } });
    const observations: ObservationEvent[] = [];
    for await (const event of run) {
      if (event.type !== "observation") continue;
      observations.push(event);
      const isFirst = observations.length === 1;
      if (isFirst && !(event.status === "ok" && event.text.includes("Body Mass"))) {
        return ["it did not look at the data first"];
      }
      if (observations.length === 6) return ["it took too many steps"];
    }
    const result = await run.result;
    if (result.status !== "answered") return [result.status];
    const failed = observations.some(({ status }) => status === "error");
    return [
      ...findMistakes(result.output, computeAnswer(csv)),
      ...(failed ? [] : ["it met no error"]),
    ];
  } finally {
    await live.close();
  }
}

for (let seed = Number(first); ; seed++) {
  const problems = await attempt(seed);
  console.log(`seed ${seed}: ${problems.join("; ") || "recorded"}`);
  if (problems.length === 0) break;
}
await executor.close();
