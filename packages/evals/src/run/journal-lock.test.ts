import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { beforeEach, describe, expect, it } from "vitest";
import { attempt, header } from "../../test/attempts.js";
import { temporaryFolders } from "../../test/temporary-folder.js";
import { readEvaluation } from "./journal-reader.js";
import { JournalWriter } from "./journal-writer.js";

const makeFolder = temporaryFolders();
let folder = "";
let journal = "";
beforeEach(async () => {
  folder = path.join(await makeFolder(), "results");
  journal = path.join(folder, "journal.jsonl");
});

/** Another process that has the journal open. */
async function startHolder(): Promise<ChildProcess> {
  const program = path.join(path.dirname(folder), "holder.mjs");
  await build({
    entryPoints: [fileURLToPath(new URL("../../test/journal-holder.ts", import.meta.url))],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    conditions: ["@codeact/source"],
  });
  const child = spawn(process.execPath, [program, journal], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = (await Promise.race([
    once(child.stdout, "data"),
    once(child, "exit").then(() => ["ended"]),
  ])) as [unknown];
  expect(String(said)).toBe("open\n");
  return child;
}

async function goOn(): Promise<void> {
  const { writer } = await JournalWriter.open(journal, header);
  await writer.append(attempt("own"));
  await writer.close();
}

/** How many of several openings at once succeed. */
async function countOpened(): Promise<number> {
  const openings = Array.from({ length: 5 }, () => JournalWriter.open(journal, header));
  const ended = await Promise.allSettled(openings);
  const opened = ended.flatMap((each) => (each.status === "fulfilled" ? [each.value.writer] : []));
  for (const writer of opened) await writer.close();
  return opened.length;
}

describe("a journal", { timeout: 60_000 }, () => {
  it("is refused while another process writes it, and gone on with once that was killed", async () => {
    const holder = await startHolder();
    try {
      await expect(JournalWriter.open(journal, header)).rejects.toMatchObject({
        code: "invalid-option",
        message: expect.stringContaining(`${folder}: process ${holder.pid} on`) as string,
      });
    } finally {
      holder.kill("SIGKILL");
      await once(holder, "close");
    }
    expect(await readdir(folder)).toContain("journal.jsonl.lock");
    await goOn();
    const { results } = await readEvaluation(journal);
    expect(results.map(({ task }) => task)).toEqual(["held", "own"]);
    expect(await readdir(folder)).toEqual(["journal.jsonl"]);
  });

  it("is opened once by those who begin it at once", async () => {
    expect(await countOpened()).toBe(1);
    expect((await readEvaluation(journal)).results).toEqual([]);
  });

  it.each([
    ["of an ended process with this one's id", { pid: process.pid, host: hostname() }],
    ["that was never completed", undefined],
  ])("has a lock taken over %s", async (_what, holder) => {
    await mkdir(folder);
    const content = holder ? JSON.stringify({ ...holder, token: "earlier" }) : "";
    await writeFile(`${journal}.lock`, content);
    expect(await countOpened()).toBe(1);
    expect(await readdir(folder)).toEqual(["journal.jsonl"]);
  });

  it("is refused while a process of another host may write it", async () => {
    await mkdir(folder);
    const holder = { pid: 2 ** 22 + 1, host: `not-${hostname()}`, token: "other" };
    await writeFile(`${journal}.lock`, JSON.stringify(holder));
    await expect(goOn()).rejects.toThrow(`process ${holder.pid} on ${holder.host}`);
    expect(await readdir(folder)).toEqual(["journal.jsonl.lock"]);
  });

  it("is free again where it was refused", async () => {
    await goOn();
    await expect(JournalWriter.open(journal, { ...header, model: "other" })).rejects.toThrow();
    await goOn();
    expect(await readdir(folder)).toEqual(["journal.jsonl"]);
  });
});
