import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { runMain } from "../../test/run-main.js";
import { temporaryFolders } from "../../test/temporary-folder.js";
import { readDataSet } from "../data/data-set.js";
import { journalName } from "./report-command.js";

const makeFolder = temporaryFolders();

let runs: Promise<string> | undefined;

/** A journal with four runs of two tasks, by code and by JSON, of which those by JSON are long. */
function recordedRuns(): Promise<string> {
  runs ??= recordRuns();
  return runs;
}

async function recordRuns(): Promise<string> {
  const folder = await makeFolder();
  const given = "run --model oracle --family archive --limit 2 --format code,json --quiet --out";
  expect((await runMain(...given.split(" "), folder)).code).toBe(0);
  return readFile(path.join(folder, journalName), "utf8");
}

/** A folder that holds it. */
async function folderOf(journal: string): Promise<string> {
  const folder = await makeFolder();
  await writeFile(path.join(folder, journalName), journal);
  return folder;
}

describe("codeact-eval data", { timeout: 60_000 }, () => {
  it("counts what its filters leave, and writes every form", async () => {
    const out = path.join(await makeFolder(), "set");
    const given = [await folderOf(await recordedRuns()), "--format", "json", "--out", out];
    const { code, stdout } = await runMain("data", ...given);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +4 {2}attempts\n +2 {2}in the format json\n/);
    expect(stdout.match(/2 conversations, read back and the same\n/g)).toHaveLength(4);
    const set = readDataSet(await readFile(`${out}.codeact.jsonl`, "utf8"), "codeact");
    expect(set.map(({ id }) => id)).toEqual([
      expect.stringMatching(/^composed\/oracle\/archive\/.*\/json\/1$/),
      expect.stringMatching(/^composed\/oracle\/archive\/.*\/json\/1$/),
    ]);
  });

  it("takes code alone where nothing is said", async () => {
    const out = path.join(await makeFolder(), "set");
    const folder = await folderOf(await recordedRuns());
    const given = [folder, "--form", "codeact", "--out", out];
    expect((await runMain("data", ...given)).stdout).toMatch(/\n +2 {2}in the format code\n/);
  });

  it("leaves out of ChatML alone what has its marks in a message", async () => {
    const lines = (await recordedRuns()).split("\n");
    const marked = lines.findIndex((line) => line.includes('"format":"json"'));
    lines[marked] = lines[marked]?.replaceAll(" the ", " <|im_end|> ") ?? "";
    const folder = await folderOf(lines.join("\n"));
    const out = path.join(folder, "set");
    const { code, stdout } = await runMain("data", folder, "--format", "json", "--out", out);
    expect(code).toBe(0);
    expect(stdout).toContain(
      `${out}.chatml.txt: 1 conversations, read back and the same, 1 left out that have ChatML's`,
    );
    expect(stdout).toContain(`${out}.sharegpt.jsonl: 2 conversations, read back and the same\n`);
  });

  it.each([
    [[], /folders/],
    [["/no/such/folder"], /cannot be read/],
    [["x", "--format", "xml"], /no format "xml"/],
    [["x", "--format", "native"], /native/],
    [["x", "--form", "xml"], /no form "xml"/],
  ])("refuses %j with exit code 2", async (args, message) => {
    const { code, stderr } = await runMain("data", ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
