import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ScriptedModel } from "@codeact/core/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ask, collect, failure, textOf } from "../../test/collect.js";
import { parseRecording } from "./exchange-schema.js";
import { recordModel } from "./record-model.js";
import { RecordedModel } from "./recorded-model.js";
import { readRecording } from "./recording-file.js";

let directory = "";
let file = "";
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "recording-"));
  file = path.join(directory, "exchanges.jsonl");
});
afterEach(() => rm(directory, { recursive: true }));

describe("a recording in a file", () => {
  it("is read as it was written", async () => {
    const inner = new ScriptedModel([
      "one\n\u2028 😀",
      { text: "x", error: new RangeError("Odd.") },
      { toolCalls: [{ name: "f", arguments: "{" }], usage: { inputTokens: 1 } },
    ]);
    const model = recordModel(inner, { path: file });
    const first = await collect(model);
    await failure(collect(model));
    const third = await collect(model);
    const replay = new RecordedModel({ exchanges: await readRecording(file) });
    expect(await collect(replay)).toEqual(first);
    expect(await failure(collect(replay))).toMatchObject({ name: "RangeError" });
    expect(await collect(replay)).toEqual(third);
  });

  it("grows by whole lines under concurrent requests, also of two recorders", async () => {
    const text = "x".repeat(50_000);
    const recorders = [1, 2].map(() =>
      recordModel(new ScriptedModel(Array(10).fill(text) as string[], { chunkSize: 9_999 }), {
        path: file,
      }),
    );
    // The second recorder must not find the first one's file half written.
    for (const recorder of recorders) await collect(recorder);
    await Promise.all(
      recorders.flatMap((recorder) => Array.from({ length: 9 }, () => collect(recorder))),
    );
    const exchanges = await readRecording(file);
    expect(exchanges).toHaveLength(20);
    const replay = new RecordedModel({ exchanges });
    for (const _ of exchanges) expect(textOf(await collect(replay))).toBe(text);
  });

  it("is complete when the finish is seen", async () => {
    for await (const event of recordModel(new ScriptedModel(["x"]), { path: file }).generate(
      ask(),
    )) {
      if (event.type === "finish") expect(await readRecording(file)).toHaveLength(1);
    }
  });

  it("loses only its last line in a crash, and goes on from there", async () => {
    const record = () => collect(recordModel(new ScriptedModel(["x"]), { path: file }));
    await record();
    const whole = await readFile(file);
    await appendFile(file, whole);
    await truncate(file, whole.length * 2 - 5);
    expect(await readRecording(file)).toHaveLength(1);
    await record();
    expect(await readRecording(file)).toHaveLength(2);
  });

  it("keeps a last line whose end an editor removed", async () => {
    const record = () => collect(recordModel(new ScriptedModel(["x"]), { path: file }));
    await record();
    await writeFile(file, (await readFile(file, "utf8")).trim());
    expect(await readRecording(file)).toHaveLength(1);
    await record();
    expect(await readRecording(file)).toHaveLength(2);
  });

  it("can be read from its text", async () => {
    await collect(recordModel(new ScriptedModel(["x"]), { path: file }));
    expect(parseRecording(await readFile(file, "utf8"))).toEqual(await readRecording(file));
  });
});

describe("a file that is no recording", () => {
  const exchange = { version: 1, model: { id: "m" }, request: { messages: [] }, events: [] };
  const cases: [what: string, content: string, message: RegExp][] = [
    ["no JSON", "hello\n\n", /line 1, is not JSON/],
    ["another version", `${JSON.stringify({ ...exchange, version: 2 })}\n`, /line 1, .*version/],
    [
      "an unknown event",
      `${JSON.stringify(exchange)}\n${JSON.stringify({ ...exchange, events: [{ atMs: 1, event: { type: "x" } }] })}\n`,
      /line 2, .*events\.0\.event/,
    ],
  ];
  it.each(cases)("because of %s is refused", async (_what, content, message) => {
    await writeFile(file, content);
    const error = await failure(readRecording(file));
    expect(error).toMatchObject({ code: "invalid-option" });
    expect(String(error)).toMatch(message);
    expect(String(error)).toContain(file);
  });

  it("because it is not there is refused", async () => {
    expect(await failure(readRecording(file))).toMatchObject({
      code: "invalid-option",
      message: expect.stringContaining("ENOENT"),
    });
  });

  it("because it cannot be written ends the request", async () => {
    const model = recordModel(new ScriptedModel(["x", "y"]), {
      path: path.join(file, "no", "way"),
    });
    for (const _ of [1, 2]) {
      expect(await failure(collect(model))).toMatchObject({ code: "invalid-option" });
    }
  });
});
