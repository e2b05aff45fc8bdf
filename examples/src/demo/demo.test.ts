import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));

it("replays a run that explores, fails, repairs, calls the tool in a loop, and answers", async () => {
  const program = [`${root}scripts/run-typescript.mjs`, `${root}examples/src/demo/index.ts`];
  const { stdout } = await promisify(execFile)(process.execPath, [...program, "--replay"]);
  const lines = stdout.split("\n").filter((line) => line !== "");
  expect(lines[0]).toMatch(/^Replay: no model is asked/);
  const expected = [
    /'Body Mass \(g\)': '3750'/,
    /ValueError: /,
    /measure_distance\("Torgersen"\) → 1 .*measure_distance\("Dream"\)/,
    /^✓ The same/,
  ];
  expect(stdout).toMatch(new RegExp(expected.map(({ source }) => source).join(".*"), "ms"));
  expect(lines.at(-1)).toMatch(/^\d+ steps · .*tokens.* · .*s$/);
});
