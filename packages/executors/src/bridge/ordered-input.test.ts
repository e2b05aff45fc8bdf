import { duplexPair, PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { OrderedInput } from "./ordered-input.js";

const nonce = "ab12";
const mark = (number: number) => `\x1b]codeact;${nonce};${number}\x07`;
const display = (name: string, place?: number) =>
  `${JSON.stringify({ type: "display", cell: 1, source: "display", data: { name }, mark: place })}\n`;
const done = (place?: number) =>
  `${JSON.stringify({ type: "done", cell: 1, status: "ok", mark: place })}\n`;

/** An input whose two streams the test writes, one after the other. */
function input() {
  const [channel, python] = duplexPair();
  const output = new PassThrough();
  const seen: string[] = [];
  const state = { isBlocked: false, isRunning: true };
  const ordered: OrderedInput = new OrderedInput({ channel, output }, nonce, {
    text: (_, bytes) => seen.push(bytes.toString()),
    frame: (frame) => {
      seen.push(frame.type === "display" ? (frame.data["name"] as string) : frame.type);
      if (frame.type === "done") ordered.finishCell();
    },
    isBlocked: () => state.isBlocked,
    isRunning: () => state.isRunning,
    onBroken: (reason) => seen.push(`broken: ${reason}`),
    onChannelEnd: () => seen.push("end"),
  });
  const turn = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
  return {
    seen,
    state,
    ordered,
    channel,
    frames: async (text: string) => {
      python.write(text);
      await turn();
    },
    text: async (text: string) => {
      output.write(text);
      await turn();
    },
  };
}

describe("OrderedInput", () => {
  it("lets a frame wait for its mark", async () => {
    const { seen, frames, text } = input();
    await frames(display("[D]", 1));
    expect(seen).toEqual([]);
    await text(`a${mark(1)}b`);
    expect(seen).toEqual(["a", "[D]", "b"]);
  });

  it("lets what follows a mark wait for its frame", async () => {
    const { seen, frames, text } = input();
    await text(`a${mark(1)}b${mark(2)}c`);
    await text("d");
    expect(seen).toEqual(["a"]);
    await frames(display("[1]", 1) + display("[2]", 2));
    expect(seen).toEqual(["a", "[1]", "b", "[2]", "c", "d"]);
  });

  it("ends the wait behind a mark without a frame with the next frame", async () => {
    const { seen, frames, text } = input();
    await text(`a${mark(1)}b${mark(2)}c`);
    await frames(display("[2]", 2));
    expect(seen).toEqual(["a", "b", "[2]", "c"]);
    await text(`${mark(3)}d`);
    await frames(done());
    expect(seen).toEqual(["a", "b", "[2]", "c", "d", "done"]);
  });

  it("does not let a forged mark hold up the end of a cell", async () => {
    const { seen, frames, text } = input();
    await text(`a${mark(999)}b${mark(1000)}c${mark(5)}`);
    await frames(done(5));
    expect(seen.join("")).toBe("abcdone");
  });

  it("waits for no frame between cells", async () => {
    const { seen, state, text } = input();
    state.isRunning = false;
    await text(`a${mark(7)}b`);
    expect(seen).toEqual(["a", "b"]);
  });

  it("keeps the order of frames behind one that waits", async () => {
    const { seen, frames, text } = input();
    await frames(display("[1]", 1) + display("[2]"));
    expect(seen).toEqual([]);
    await text(mark(1));
    expect(seen).toEqual(["[1]", "[2]"]);
  });

  it("takes neither text nor the end of a cell while its consumer is slow", async () => {
    const { seen, state, ordered, frames, text } = input();
    state.isBlocked = true;
    await text("a");
    await text("b");
    await frames(display("[1]") + done());
    expect(seen).not.toContain("b");
    expect(seen).not.toContain("done");
    state.isBlocked = false;
    ordered.resume();
    await text("");
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toEqual(["a", "b", "[1]", "done"]);
  });

  it("does not wait for marks of an output that has ended", async () => {
    const { seen, ordered, frames } = input();
    await frames(done(5));
    expect(seen).toEqual([]);
    ordered.finishOutput();
    expect(seen).toEqual(["done"]);
  });

  it("breaks at the first malformed frame, keeps what came before, and still reads output", async () => {
    const { seen, frames, text } = input();
    await frames(`${display("[1]")}garbage\n${display("[2]")}`);
    await frames(display("[3]"));
    await text("a");
    expect(seen).toEqual(["[1]", "broken: a protocol frame was not JSON", "a"]);
  });

  it("stops reading the channel while frames wait", async () => {
    const { seen, channel, frames } = input();
    await frames(display("[1]", 1));
    for (let index = 0; index < 100; index++) await frames(display("x".repeat(10_000)));
    expect(seen).toEqual([]);
    expect(channel.readableLength).toBeLessThan(200_000);
  });
});
