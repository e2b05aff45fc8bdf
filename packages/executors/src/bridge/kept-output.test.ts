import type { Output } from "@codeact/core";
import { describe, expect, it } from "vitest";
import { KeptOutput } from "./kept-output.js";

function textOf(outputs: readonly Output[]): string {
  return outputs.map((output) => (output.type === "text" ? output.text : "|")).join("");
}

describe("KeptOutput", () => {
  it("keeps everything up to the limit, in order and joined", () => {
    const kept = new KeptOutput(10);
    kept.addText("stdout", Buffer.from("ab"));
    kept.addText("stdout", Buffer.from("cd"));
    kept.addText("stderr", Buffer.from("ef"));
    kept.addDisplay({ type: "display", source: "result", data: {} }, 2);
    kept.addText("stdout", Buffer.from("gh"));
    expect(kept.finish()).toEqual({
      outputs: [
        { type: "text", stream: "stdout", text: "abcd" },
        { type: "text", stream: "stderr", text: "ef" },
        { type: "display", source: "result", data: {} },
        { type: "text", stream: "stdout", text: "gh" },
      ],
      droppedBytes: 0,
    });
  });

  it.each([1, 3, 7, 100, 1000])("keeps both halves of text in pieces of %i", (size) => {
    const kept = new KeptOutput(100);
    const all = Array.from({ length: 1000 }, (_, index) => String(index % 10)).join("");
    for (let at = 0; at < all.length; at += size) {
      kept.addText("stdout", Buffer.from(all.slice(at, at + size)));
    }
    const { outputs, droppedBytes } = kept.finish();
    expect(textOf(outputs)).toBe(all.slice(0, 50) + all.slice(-50));
    expect(droppedBytes).toBe(900);
  });

  it.each([97, 98, 99, 100])("never cuts a character, and counts its bytes, at %i", (limit) => {
    const kept = new KeptOutput(limit);
    const all = Buffer.from("😀é€".repeat(50));
    for (let at = 0; at < all.length; at += 5) kept.addText("stdout", all.subarray(at, at + 5));
    const { outputs, droppedBytes } = kept.finish();
    const text = textOf(outputs);
    expect(text).not.toContain("\ufffd");
    expect(Buffer.byteLength(text) + droppedBytes).toBe(all.length);
    expect(Buffer.byteLength(text)).toBeGreaterThan(limit - 8);
  });

  it("does not split a character at the middle when nothing is dropped", () => {
    const kept = new KeptOutput(7);
    kept.addText("stdout", Buffer.from("ab€cd"));
    expect(kept.finish()).toEqual({
      outputs: [{ type: "text", stream: "stdout", text: "ab€cd" }],
      droppedBytes: 0,
    });
  });

  it("keeps a display that fits, wherever it stands, and drops one that does not", () => {
    const kept = new KeptOutput(100);
    const display = (n: number) => ({ type: "display", source: "display", data: { n } }) as const;
    kept.addDisplay(display(1), 80);
    expect(kept.finish()).toMatchObject({ outputs: [display(1)], droppedBytes: 0 });
    kept.addDisplay(display(2), 101);
    expect(kept.finish()).toMatchObject({ outputs: [], droppedBytes: 181 });
  });

  it("keeps nothing at a limit of 0", () => {
    const kept = new KeptOutput(0);
    kept.addText("stdout", Buffer.from("abc"));
    kept.addDisplay({ type: "display", source: "result", data: {} }, 5);
    expect(kept.finish()).toEqual({ outputs: [], droppedBytes: 8 });
  });

  it("stays small when the stream changes at every byte", () => {
    const kept = new KeptOutput(1_000_000);
    for (let index = 0; index < 200_000; index++) {
      kept.addText(index % 2 === 0 ? "stdout" : "stderr", Buffer.from("x"));
    }
    const { outputs, droppedBytes } = kept.finish();
    expect(outputs.length).toBeLessThanOrEqual(20_000);
    expect(outputs.length + droppedBytes).toBe(200_000);
  });

  it("reads bytes that are no UTF-8", () => {
    const kept = new KeptOutput(100);
    kept.addText("stdout", Buffer.from([0x61, 0xff, 0x62]));
    expect(textOf(kept.finish().outputs)).toBe("a\ufffdb");
  });
});
