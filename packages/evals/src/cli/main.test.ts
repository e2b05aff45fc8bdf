import { execFileSync } from "node:child_process";
import { constants } from "node:fs";
import { appendFile, type FileHandle, open, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { FakeExecutor } from "@codeact/core/testing";
import { type RecordedExchange, recordModel } from "@codeact/models/recorded";
import { describe, expect, it } from "vitest";
import { runMain as run } from "../../test/run-main.js";
import { temporaryFolders } from "../../test/temporary-folder.js";
import type { AttemptRecord } from "../run/attempt-record.js";
import { runEvaluation } from "../run/run-evaluation.js";
import { singleTurnSuite } from "../single-turn/single-turn-suite.js";
import { oracles } from "../suite/oracle-chooser.js";
import { main } from "./main.js";

const makeFolder = temporaryFolders();

/** Opens a named pipe for writing once somebody reads from it, who waits until it is closed. */
async function openForReader(pipe: string): Promise<FileHandle> {
  for (;;) {
    try {
      return await open(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENXIO") throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

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

  it("replays a recording, also one with exchanges that were cut off", async () => {
    const folder = await makeFolder();
    const tasks = fileURLToPath(
      new URL("../../test/single-turn-fixture/gsm8k.jsonl", import.meta.url),
    );
    const exchanges: RecordedExchange[] = [];
    await runEvaluation({
      suite: await singleTurnSuite({ name: "gsm8k", tasks }),
      model: {
        id: "oracle",
        modelFor: (task, format) => recordModel(oracles.modelFor(task, format), { exchanges }),
      },
      executor: new FakeExecutor([]),
      journal: path.join(folder, "recorded.jsonl"),
    });
    const cutOff = exchanges.map((exchange) => ({ ...exchange, events: [] }));
    const recording = path.join(folder, "recording.jsonl");
    const lines = [...cutOff, ...exchanges].map((exchange) => `${JSON.stringify(exchange)}\n`);
    await writeFile(recording, lines.join(""));
    const given = ["--model", `recorded:${recording}`, "--suite", "gsm8k", "--tasks", tasks];
    expect(await run("run", ...given, "--out", folder)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("2/2 · text 100.0 %") as string,
    });
  });

  it("does not fail by earlier faults that were not its to make good", async () => {
    const out = await makeFolder();
    const given = [..."run --model oracle --limit 1 --format json --quiet --out".split(" "), out];
    expect(await run(...given)).toMatchObject({ code: 0 });
    const journal = path.join(out, "journal.jsonl");
    const [, first = ""] = (await readFile(journal, "utf8")).split("\n");
    const { task, family } = JSON.parse(first) as AttemptRecord;
    const error = { message: "No." };
    const fault = { type: "fault", task, family, format: "text", repeat: 1, error, durationMs: 1 };
    await appendFile(journal, `${JSON.stringify(fault)}\n`);
    expect(await run(...given)).toMatchObject({ code: 0 });
  });

  it("hears Ctrl-C while a model is opened, and leaves a second one to the system", async () => {
    const folder = await makeFolder();
    const pipe = path.join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const heard = new Map<string, () => void>();
    const ended = main(["run", "--model", `recorded:${pipe}`, "--out", folder], {
      stdout: { write: () => undefined },
      stderr: { write: () => undefined },
      env: {},
      on: (signal, listener) => heard.set(signal, listener),
      off: (signal) => heard.delete(signal),
    });
    const writing = await openForReader(pipe);
    try {
      heard.get("SIGINT")?.();
      expect([...heard.keys()]).toEqual([]);
      expect(await ended).toBe(130);
    } finally {
      await writing.close();
    }
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
    [["run", "--model", "recorded:x", "--repeats", "2"], /--repeats.* needs --seed/],
    [["run", "--model", "openai:x", "--record", "y", "--repeats", "2"], /needs --seed/],
    [["run", "--model", "oracle", "--limit=-3"], /--limit must be a whole number above 0/],
    [["run", "--model", "oracle", "--limit", "0.5"], /--limit must be a whole number above 0/],
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
