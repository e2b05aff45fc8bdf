import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runMain as run } from "../../test/run-main.js";
import { temporaryFolders } from "../../test/temporary-folder.js";

const makeFolder = temporaryFolders();

describe("codeact-eval run", () => {
  it("measures, and writes a report", async () => {
    const out = path.join(await makeFolder(), "out");
    const { code, stdout, stderr } = await run(
      ..."run --model oracle --family signals --limit 2 --format json,text --out".split(" "),
      out,
    );
    expect(code).toBe(0);
    expect(stdout).toContain("# oracle on composed");
    expect(stderr).toContain("4/4 · json 100.0 % · text 100.0 %");
    const report = JSON.parse(await readFile(path.join(out, "report.json"), "utf8")) as unknown;
    expect(report).toMatchObject({ tasks: 2, formats: [{ format: "json" }, { format: "text" }] });

    const again = await run("report", out);
    expect(again.stdout).toBe(stdout);
  });

  it("measures a benchmark of single messages from a file", async () => {
    const tasks = fileURLToPath(
      new URL("../../test/single-turn-fixture/gsm8k.jsonl", import.meta.url),
    );
    const out = await makeFolder();
    const given = ["--model", "oracle", "--suite", "gsm8k", "--tasks", tasks, "--out", out];
    expect(await run("run", ...given)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("2/2 · text 100.0 %") as string,
    });
  });

  it("says nothing of its progress when told so", async () => {
    const out = await makeFolder();
    const { stderr } = await run(
      ..."run --model oracle --limit 1 --format json --quiet --out".split(" "),
      out,
    );
    expect(stderr).toBe("");
  });
});

describe("codeact-eval", () => {
  it.each([
    [[], /codeact-eval run/],
    [["walk"], /codeact-eval run/],
    [["run", "--fast"], /--fast/],
    [["run"], /names no model/],
    [["run", "--model", "openai"], /names no model/],
    [["run", "--model", "recorded:/no/such/file"], /cannot be read/],
    [["run", "--model", "oracle", "--record", "x"], /--record/],
    [["run", "--model", "oracle", "--suite", "x"], /no suite "x"/],
    [["run", "--model", "oracle", "--task", "x"], /no task "x"/],
    [["run", "--model", "oracle", "--family", "x"], /no family "x"/],
    [["run", "--model", "oracle", "--format", "xml"], /no format "xml"/],
    [["run", "--model", "oracle", "--repeats", "two"], /--repeats must be a number/],
    [["run", "--model", "oracle", "--suite", "m3tooleval"], /--tasks is missing/],
    [["report"], /one folder/],
    [["run", "--model", "oracle", "--suite", "m3tooleval", "--tasks", "/no"], /no M3ToolEval/],
    [["run", "--model", "oracle", "--suite", "api-bank", "--tasks", "/no"], /no API-Bank/],
    [["run", "--model", "oracle", "--suite", "mint"], /--tasks is missing.*mint-bench/],
    [["run", "--model", "oracle", "--suite", "mint", "--tasks", "/no"], /no MINT/],
    [["run", "--model", "oracle", "--suite", "gsm8k"], /--tasks is missing.*JSON lines/],
    [["run", "--model", "oracle", "--suite", "mmlu", "--tasks", "/no"], /cannot be read/],
    [["report", "/no/such/folder"], /cannot be read/],
  ])("refuses %j with exit code 2", async (args, message) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it.each([["--help"], ["run", "--help"], ["report", "--help"], ["data", "--help"]])(
    "%s helps",
    async (...args) => {
      const { code, stdout } = await run(...args);
      expect([code, stdout.startsWith("codeact-eval")]).toEqual([0, true]);
    },
  );
});
