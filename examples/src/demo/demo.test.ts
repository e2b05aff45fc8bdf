import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));

it("replays a run that fails, repairs, calls the tool in a loop, and answers", async () => {
  const program = [`${root}scripts/run-typescript.mjs`, `${root}examples/src/demo/index.ts`];
  const { stdout } = await promisify(execFile)(process.execPath, [...program, "--replay"]);
  const lines = stdout.split("\n").filter((line) => line !== "");
  expect(lines[0]).toMatch(/^Replay: no model is asked/);
  const expected = [/Body Mass \(g\)/, /Error: /, /measure_distance\(.*km/s, /^✓ The same/m];
  expect(stdout).toMatch(new RegExp(expected.map(({ source }) => source).join(".*"), "ms"));
  expect(lines.at(-1)).toMatch(/^\d+ steps · .*tokens.* · .*s$/);
});
