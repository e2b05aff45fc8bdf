import type { Output } from "@codeact/core";
import { describe, expect, it } from "vitest";
import { OutputCollector } from "./output-collector.js";

function collect(onOutput: (output: Output) => void | Promise<void>, maxOutputBytes = 1000) {
  const faults: unknown[] = [];
  let drained = 0;
  const collector = new OutputCollector(
    { onOutput, maxOutputBytes },
    {
      onFault: (error) => faults.push(error),
      onDrained: () => {
        drained++;
      },
    },
  );
  return { collector, faults, drained: () => drained };
}

const say = (collector: OutputCollector, text: string) =>
  collector.addText("stdout", Buffer.from(text));

function deferred() {
  let resolve!: () => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<void>((first, second) => {
    resolve = first;
    reject = second;
  });
  return { promise, resolve, reject };
}

describe("OutputCollector", () => {
  it("delivers at once and never splits a character", async () => {
    const seen: Output[] = [];
    const { collector } = collect((output) => void seen.push(output));
    const euro = Buffer.from("€");
    collector.addText("stdout", Buffer.concat([Buffer.from("a"), euro.subarray(0, 2)]));
    expect(seen).toEqual([{ type: "text", stream: "stdout", text: "a" }]);
    collector.addText("stdout", euro.subarray(2));
    expect(seen[1]).toEqual({ type: "text", stream: "stdout", text: "€" });
    collector.addText("stdout", euro.subarray(0, 1));
    const { outputs } = await collector.finish();
    expect(outputs).toEqual([{ type: "text", stream: "stdout", text: "a€\ufffd" }]);
    expect(seen[2]).toEqual({ type: "text", stream: "stdout", text: "\ufffd" });
  });

  it("waits for the handler, joins what comes, and says when it is through", async () => {
    const seen: Output[] = [];
    const first = deferred();
    const { collector, drained } = collect((output) => {
      seen.push(output);
      return seen.length === 1 ? first.promise : undefined;
    });
    for (const text of ["a", "b", "c"]) say(collector, text);
    collector.addDisplay({ type: "display", source: "result", data: {} }, 10);
    expect(seen).toHaveLength(1);
    expect(collector.isBlocked).toBe(true);
    const finished = collector.finish();
    first.resolve();
    const { outputs } = await finished;
    expect(seen.slice(1)).toEqual([
      { type: "text", stream: "stdout", text: "bc" },
      { type: "display", source: "result", data: {} },
    ]);
    expect(outputs[0]).toEqual({ type: "text", stream: "stdout", text: "abc" });
    expect(collector.isBlocked).toBe(false);
    expect(drained()).toBe(1);
  });

  it("waits for nothing once released", async () => {
    const { collector } = collect(() => new Promise(() => {}));
    say(collector, "a");
    say(collector, "b");
    const finished = collector.finish();
    collector.release();
    expect(collector.isBlocked).toBe(false);
    expect((await finished).outputs).toEqual([{ type: "text", stream: "stdout", text: "ab" }]);
  });

  it("delivers the first bytes only, and keeps both ends", async () => {
    let delivered = "";
    const { collector } = collect((output) => {
      if (output.type === "text") delivered += output.text;
    }, 10);
    for (const text of ["01234", "56789", "abcde", "fghij"]) say(collector, text);
    const { outputs, droppedBytes } = await collector.finish();
    expect(delivered).toBe("0123456789");
    expect(outputs).toEqual([{ type: "text", stream: "stdout", text: "01234fghij" }]);
    expect(droppedBytes).toBe(10);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("no");
      },
    ],
    ["rejects", () => Promise.reject(new Error("no"))],
  ])("reports a handler that %s once, and goes on without it", async (_, onOutput) => {
    const { collector, faults } = collect(onOutput);
    say(collector, "a");
    say(collector, "b");
    const { outputs } = await collector.finish();
    expect(faults).toEqual([new Error("no")]);
    expect(outputs).toEqual([{ type: "text", stream: "stdout", text: "ab" }]);
  });

  it("takes over earlier output, with what was dropped of it", async () => {
    const { collector } = collect(() => {});
    collector.addEarlier({
      outputs: [{ type: "text", stream: "stderr", text: "é" }],
      droppedBytes: 7,
    });
    say(collector, "b");
    expect(await collector.finish()).toEqual({
      outputs: [
        { type: "text", stream: "stderr", text: "é" },
        { type: "text", stream: "stdout", text: "b" },
      ],
      droppedBytes: 7,
    });
  });
});
