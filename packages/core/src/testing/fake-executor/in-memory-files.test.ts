import { describe, expect, it } from "vitest";
import { InMemoryFiles } from "./in-memory-files.js";

const text = (data: Uint8Array) => new TextDecoder().decode(data);

async function* pieces(...data: string[]): AsyncGenerator<Uint8Array> {
  for (const piece of data) yield new TextEncoder().encode(piece);
}

describe("InMemoryFiles", () => {
  it("reads what was written, as a copy", async () => {
    const files = new InMemoryFiles();
    const data = new Uint8Array([1, 2, 3]);
    await files.write("a/b.bin", data);
    data[0] = 9;
    expect(await files.read("./a//b.bin")).toEqual(new Uint8Array([1, 2, 3]));
    await files.write("a/b.bin", "é");
    expect(text(await files.read("a/x/../b.bin"))).toBe("é");
  });

  it("streams in both directions", async () => {
    const files = new InMemoryFiles();
    await files.writeStream("s", pieces("one ", "two"));
    expect(text(await files.read("s"))).toBe("one two");
    await files.write("big", "x".repeat(200_000));
    let size = 0;
    let count = 0;
    for await (const piece of files.readStream("big")) {
      size += piece.length;
      count += 1;
    }
    expect([size, count]).toEqual([200_000, 4]);
  });

  it("lists files and directories, sorted", async () => {
    const files = new InMemoryFiles();
    await files.write("b/c/d.txt", "12");
    await files.write("a.txt", "1");
    expect(await files.list()).toEqual([
      { path: "a.txt", type: "file", size: 1 },
      { path: "b", type: "directory", size: 0 },
      { path: "b/c", type: "directory", size: 0 },
      { path: "b/c/d.txt", type: "file", size: 2 },
    ]);
    expect((await files.list("b")).map((entry) => entry.path)).toEqual(["b/c", "b/c/d.txt"]);
  });

  it("removes files and whole directories", async () => {
    const files = new InMemoryFiles();
    await files.write("b/c/d.txt", "12");
    await files.write("bb", "1");
    await files.remove("b");
    expect((await files.list()).map((entry) => entry.path)).toEqual(["bb"]);
  });

  it("copies deeply", async () => {
    const files = new InMemoryFiles();
    await files.write("a", "1");
    const copy = files.copy();
    await copy.write("a", "2");
    expect(text(await files.read("a"))).toBe("1");
  });

  it.each<[string, (files: InMemoryFiles) => Promise<unknown>]>([
    ["a missing file", (files) => files.read("missing")],
    ["a missing stream", (files) => files.readStream("missing").next()],
    ["a missing directory", (files) => files.list("missing")],
    ["removal of nothing", (files) => files.remove("missing")],
    ["removal of the workspace", (files) => files.remove(".")],
    ["reading a directory", (files) => files.read("directory")],
    ["writing over a directory", (files) => files.write("directory", "x")],
    ["writing below a file", (files) => files.write("directory/file/x", "x")],
    ["an absolute path", (files) => files.read("/directory/file")],
    ["an escape", (files) => files.write("directory/../../x", "x")],
    ["a failing source", (files) => files.writeStream("x", failing())],
  ])("refuses %s", async (_, act) => {
    const files = new InMemoryFiles();
    await files.write("directory/file", "x");
    await expect(act(files)).rejects.toMatchObject({ code: "workspace-file" });
    expect((await files.list()).length).toBe(2);
  });
});

async function* failing(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array([1]);
  throw new Error("no more");
}
