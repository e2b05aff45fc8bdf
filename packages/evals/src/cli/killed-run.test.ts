import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { PythonExecutor } from "@codeact/executors/python";
import { type RecordedExchange, recordModel } from "@codeact/models/recorded";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleCommandLine, startCommand } from "../../test/command-line.js";
import { composedSuite } from "../composed/composed-suite.js";
import type { ModelChooser } from "../run/options.js";
import { runEvaluation } from "../run/run-evaluation.js";
import { oracles } from "../suite/oracle-chooser.js";

const family = "signals";
const tasks = composedSuite().tasks.filter((task) => task.family === family);
const attempts = tasks.length * 3;
let folder = "";
let program = "";
let recording = "";

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "codeact-killed-"));
  program = await bundleCommandLine(folder);
  recording = path.join(folder, "recording.jsonl");
  const exchanges: RecordedExchange[] = [];
  const recorder: ModelChooser = {
    id: "oracle",
    modelFor: (task, format) => recordModel(oracles.modelFor(task, format), { exchanges }),
  };
  const executor = new PythonExecutor();
  const journal = path.join(folder, "recorded.jsonl");
  const suite = { ...composedSuite(), tasks };
  await runEvaluation({ suite, model: recorder, executor, journal });
  await executor.close();
  await writeFile(recording, exchanges.map((each) => `${JSON.stringify(each)}\n`).join(""));
}, 300_000);
afterAll(() => rm(folder, { recursive: true }));

function start(out: string) {
  const model = ["--model", `recorded:${recording}`, "--family", family];
  return startCommand(program, "run", ...model, "--concurrency", "2", "--out", out);
}

/** Whole lines of a file; the first of a journal is its header. */
function linesOf(file: string): number {
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").length - 1 : 0;
}

/** Kills the run once its journal has so many results; tells whether it was still running. */
async function killAt(out: string, results: number): Promise<boolean> {
  const { child, ended } = start(out);
  const journal = path.join(out, "journal.jsonl");
  while (child.exitCode === null && linesOf(journal) <= results) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  child.kill("SIGKILL");
  return (await ended).signal === "SIGKILL";
}

/** The reports without their figures of time. */
async function reportOf(
  out: string,
): Promise<{ json: object; markdown: string | undefined; page: string }> {
  const { seconds: _, ...json } = JSON.parse(
    await readFile(path.join(out, "report.json"), "utf8"),
  ) as { seconds: unknown };
  const markdown = await readFile(path.join(out, "report.md"), "utf8");
  const page = await readFile(path.join(out, "report.html"), "utf8");
  return {
    json,
    markdown: markdown.split("## Time")[0],
    page: page.replace(/<h2>Time<.*?<h2>Transcripts</s, "<h2>Transcripts<"),
  };
}

describe("a run that is killed", { timeout: 300_000 }, () => {
  it("goes on, and gives the report of one that was not", async () => {
    const out = path.join(folder, "killed");
    const killed = [];
    for (const results of [0, 6, 20]) killed.push(await killAt(out, results));
    expect(killed).toContain(true);
    expect(await start(out).ended).toMatchObject({ code: 0 });

    const whole = path.join(folder, "whole");
    expect(await start(whole).ended).toMatchObject({ code: 0 });
    expect(await reportOf(out)).toEqual(await reportOf(whole));
    expect((await reportOf(out)).json).toMatchObject({ tasks: tasks.length, faults: 0 });
  });

  it("by Ctrl-C says how to go on", async () => {
    const out = path.join(folder, "interrupted");
    const { child, ended } = start(out);
    const journal = path.join(out, "journal.jsonl");
    while (child.exitCode === null && linesOf(journal) < 2) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ code: 130, stderr: expect.stringContaining("goes on") });
    expect(await start(out).ended).toMatchObject({ code: 0 });
    expect(linesOf(journal)).toBe(attempts + 1);
  });
});
