/*
 * A host that makes attempts as whatever user it runs, for tests that run as another:
 * escape-host.mjs TEMPORARY '[INDEX, …]' prints a line of JSON for each.
 */
import { makeAttempt } from "./escape-attempt.js";
import { openSides, openWorld } from "./escape-world.js";

const [top = "", indices = "[]"] = process.argv.slice(2);
const world = await openWorld();
try {
  const sides = await openSides(world, top);
  try {
    for (const index of JSON.parse(indices) as number[]) {
      const outcomes = await makeAttempt(index, world, sides);
      console.log(JSON.stringify({ index, ...outcomes }));
    }
  } finally {
    await Promise.all(Object.values(sides).map(({ executor }) => executor.close()));
  }
} finally {
  await world.close();
}
