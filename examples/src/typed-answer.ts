// A typed answer. A value that does not fit raises a ValueError in Python, at the call; a value
// that fits can still be sent back with feedback by `checkAnswer`.
import assert from "node:assert/strict";
import { Agent } from "@codeact/core";
import { PythonExecutor } from "@codeact/executors/python";
import { z } from "zod";
import { modelOr } from "./model.js";

const outputSchema = z.object({
  primes: z.array(z.int().positive()),
  sum: z.int(),
});

const model = modelOr([
  // `sum` is missing: the schema's issue comes back as a ValueError.
  `<execute>
primes = [n for n in range(2, 30) if all(n % d for d in range(2, n))]
final_answer({"primes": primes})
</execute>`,
  // This fits the schema, and checkAnswer sends it back.
  `<execute>final_answer({"primes": primes, "sum": len(primes)})</execute>`,
  `<execute>final_answer({"primes": primes, "sum": sum(primes)})</execute>`,
]);

const executor = new PythonExecutor();
const agent = new Agent({
  model,
  executor,
  outputSchema,
  checkAnswer: ({ primes, sum }) =>
    primes.reduce((total, prime) => total + prime, 0) === sum
      ? undefined
      : "The sum is not the sum of the primes.",
});
agent.on("observation", ({ status, text }) => console.log(`[${status}] ${text}`));
try {
  const result = await agent.run("Which primes are below 30, and what is their sum?");
  assert.equal(result.status, "answered");
  // The type is inferred from the schema: { primes: number[]; sum: number }
  const { primes, sum } = result.output;
  console.log(primes, sum);
  assert.deepEqual(primes, [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]);
  assert.equal(sum, 129);
} finally {
  await executor.close();
}
