import { describe, expect, it } from "vitest";
import { ProtocolError } from "../../bridge/protocol-error.js";
import { bytesOf, textOf } from "../../bridge/utf8.js";
import { decodeFileChange, encodeFileChange, type FileChange } from "../line/file-change.js";
import { WorkspaceCopy } from "./workspace-copy.js";

const open = (copy: WorkspaceCopy) => copy.open(new AbortController().signal);
const change = (value: FileChange, text = "") => encodeFileChange(value, bytesOf(text));

describe("WorkspaceCopy", () => {
  it("has what the interpreter did", async () => {
    const copy = new WorkspaceCopy(1000);
    const files = open(copy);
    copy.take(change({ type: "directory", path: "a" }));
    copy.take(change({ type: "file", path: "a/b" }, "first"));
    copy.take(change({ type: "file", path: "a/b" }, "second"));
    expect(textOf(await files.read("a/b"))).toBe("second");
    copy.take(change({ type: "removed", path: "a" }));
    expect(await files.list()).toEqual([]);
  });

  it("gives all of it to the next interpreter, and tells it what the host changes", async () => {
    const copy = new WorkspaceCopy(1000);
    const files = open(copy);
    await files.write("a/b", "1");
    copy.take(change({ type: "link", path: "link" }));
    const seen: unknown[] = [];
    copy.attach((bytes) => {
      const decoded = decodeFileChange(bytes);
      seen.push([decoded?.change, decoded && textOf(decoded.content)]);
    });
    await files.write("c", "2");
    await files.remove("a");
    expect(seen).toEqual([
      [{ type: "directory", path: "a" }, ""],
      [{ type: "file", path: "a/b" }, "1"],
      [{ type: "file", path: "c" }, "2"],
      [{ type: "removed", path: "a" }, ""],
    ]);
    await expect(files.read("link")).rejects.toThrow("no such file");
  });

  it("keeps its limit, whoever exceeds it", async () => {
    const copy = new WorkspaceCopy(10);
    const files = open(copy);
    await files.write("a", "12345678");
    await expect(files.write("b", "123")).rejects.toThrow("at most 10 bytes");
    await files.write("a", "1234567890");
    copy.take(change({ type: "file", path: "b" }, "1"));
    copy.take(change({ type: "large-file", path: "big", size: 5000 }));
    expect((await files.list()).slice(1)).toEqual([
      { path: "b", type: "file", size: 1 },
      { path: "big", type: "file", size: 5000 },
    ]);
    await expect(files.read("b")).rejects.toThrow("larger than 10 bytes");
    await expect(files.read("big")).rejects.toThrow("larger than 10 bytes");
  });

  it.each<[string, Uint8Array]>([
    ["no line", bytesOf("x")],
    ["no JSON", bytesOf("x\n")],
    ["no path", bytesOf('{"type":"file"}\n')],
    ["an unknown type", bytesOf('{"type":"socket","path":"a"}\n')],
    ["a path out of it", change({ type: "file", path: "../a" })],
    ["an absolute path", change({ type: "file", path: "/a" })],
    ["a long path", change({ type: "file", path: "a".repeat(5000) })],
    ["a size that is none", bytesOf('{"type":"large-file","path":"a","size":"x"}\n')],
  ])("takes no change with %s", (_, bytes) => {
    expect(() => new WorkspaceCopy(100).take(bytes)).toThrow(ProtocolError);
  });
});
