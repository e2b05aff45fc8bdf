/*
 * What the agent loop itself costs: a run whose model and interpreter answer at once, against the
 * same calls of model and interpreter without an agent.
 *
 *   node scripts/run-typescript.mjs bench/src/loop.ts
 */
import { Agent, type Interpreter, type Model } from "@codeact/core";
import { FakeExecutor } from "@codeact/core/testing";
import { printFigures, printMachine } from "./support/report.js";
import { interleave, summarize } from "./support/statistics.js";

const steps = 20;
const rounds = 200;

/** Writes an action each time, in pieces as a real model streams them. */
const model: Model = {
  id: "instant",
  async *generate() {
    for (const text of ["I look.", "\n<execute>", "\nprint(", "1 + 1", ")\n", "</execute>"]) {
      yield { type: "text", text };
    }
    yield { type: "finish", reason: "stop" };
  },
};

async function withoutAgent(interpreter: Interpreter): Promise<void> {
  for (let step = 0; step < steps; step++) {
    for await (const event of model.generate({ messages: [] })) void event;
    await interpreter.execute("print(1 + 1)");
  }
}

const executor = new FakeExecutor((_code, { print }) => print("2"));
const agent = new Agent({ model, executor, limits: { steps } });
const streaming = async (): Promise<void> => {
  for await (const event of agent.stream("Go on.")) void event;
};
const interpreter = await executor.start();

for (let round = 0; round < 20; round++) await agent.run("Warm up.");
const results = await interleave(rounds, {
  baseline: () => withoutAgent(interpreter),
  run: () => agent.run("Go on."),
  stream: streaming,
});

printMachine();
const perStep = (summary: (typeof results)["run"]) => ({
  ...summary,
  median: (summary.median - results.baseline.median) / steps,
  minimum: (summary.minimum - results.baseline.median) / steps,
  maximum: (summary.maximum - results.baseline.median) / steps,
});
printFigures(`A run of ${steps} steps`, "ms", [
  { name: "model and interpreter without an agent", summary: results.baseline },
  { name: "agent.run", summary: results.run, baseline: results.baseline },
  { name: "agent.stream, every event read", summary: results.stream, baseline: results.baseline },
]);
printFigures("Overhead a step (bar 1 ms, aim 0.2 ms)", "ms", [
  { name: "agent.run", summary: perStep(results.run) },
  { name: "agent.stream", summary: perStep(results.stream) },
]);

// A long conversation must not make each step dearer than it has to be.
const lengths = [10, 100, 400];
const figures = [];
for (const length of lengths) {
  const long = new Agent({ model, executor, limits: { steps: length } });
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const started = performance.now();
    await long.run("Go on.");
    times.push((performance.now() - started) / length);
  }
  figures.push({ name: `a step in a run of ${length}`, summary: summarize(times) });
}
printFigures("Steps of long runs, model and interpreter included", "ms", figures);
await executor.close();
