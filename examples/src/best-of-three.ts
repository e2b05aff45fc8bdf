// Three live branches of one session try different ways; the best goes on. Then a risky step is
// rolled back, variables and files included.
import assert from "node:assert/strict";
import { Agent, type AgentSession } from "@codeact/core";
import { ScriptedModel } from "@codeact/core/testing";
import { PythonExecutor } from "@codeact/executors/python";

// Prepared replies, in the order in which the runs below ask for them.
const model = new ScriptedModel([
  `<execute>
points = [(0, 1.0), (1, 2.9), (2, 5.2), (3, 7.1), (4, 8.8)]
def error(model):
    return sum((model(x) - y) ** 2 for x, y in points)
</execute>`,
  "The points are loaded, and error(model) rates a model.",
  "<execute>fit = lambda x: 5.0\nopen('fit.txt', 'w').write('5')\nerror(fit)</execute>",
  "A constant.",
  "<execute>fit = lambda x: 2 * x + 1\nopen('fit.txt', 'w').write('2x + 1')\nerror(fit)</execute>",
  "A line.",
  "<execute>fit = lambda x: x * x / 2\nopen('fit.txt', 'w').write('x²/2')\nerror(fit)</execute>",
  "A parabola.",
  "<execute>import os\npoints.clear()\nos.remove('fit.txt')</execute>",
  "I have tidied up.",
]);

const executor = new PythonExecutor();
const agent = new Agent({ model, executor });

/** How far a branch's model is from the points: asked of the live Python, not of the language model. */
async function errorOf(session: AgentSession): Promise<number> {
  const { outputs } = await session.interpreter.execute("error(fit)");
  const [output] = outputs;
  return output?.type === "display" ? Number(output.data["text/plain"]) : Number.NaN;
}

async function readFit(session: AgentSession): Promise<string> {
  return new TextDecoder().decode(await session.files.read("fit.txt"));
}

let session = await agent.session();
try {
  await session.run("Load the points.");

  const branches: AgentSession[] = [];
  const errors: number[] = [];
  for (const kind of ["a constant", "a line", "a parabola"]) {
    const branch = await session.fork();
    branches.push(branch);
    await branch.run(`Fit ${kind} and write it to fit.txt.`);
    errors.push(await errorOf(branch));
  }
  const best = branches[errors.indexOf(Math.min(...errors))];
  assert.ok(best);
  console.log("errors:", errors.map((each) => each.toFixed(2)).join(", "));

  // The best goes on as the session; the others and the start are of no more use.
  await Promise.all(
    [session, ...branches].filter((each) => each !== best).map((each) => each.close()),
  );
  session = best;
  assert.equal(await readFit(session), "2x + 1");

  const checkpoint = await session.checkpoint();
  await session.run("Tidy up.");
  await assert.rejects(readFit(session), { code: "workspace-file" });
  await session.restore(checkpoint);
  await checkpoint.close();
  assert.equal(await readFit(session), "2x + 1");
  assert.equal((await errorOf(session)).toFixed(2), "0.10");
  console.log("rolled back:", await readFit(session));
} finally {
  await session.close();
  await executor.close();
}
