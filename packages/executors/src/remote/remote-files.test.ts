import { describe, expect, it } from "vitest";
import { RemoteFiles } from "./remote-files.js";
import type { FileOperation } from "./remote-frame.js";

/** The files behind a far side that answers everything with `data`. */
function hostile(data: Uint8Array) {
  const asked: FileOperation["operation"][] = [];
  const link = {
    request: async ({ operation }: FileOperation) => {
      asked.push(operation);
      return { type: "file-result" as const, id: 1, ok: true as const, data };
    },
  };
  return { asked, files: new RemoteFiles(async () => link, new AbortController().signal) };
}

const refusal = (message: RegExp) => ({
  code: "workspace-file",
  message: expect.stringMatching(message),
});

describe("a far side that lies about its files", () => {
  it("cannot fill the memory with a file that never ends", async () => {
    const { asked, files } = hostile(new Uint8Array(256 * 1024));
    await expect(files.read("endless")).rejects.toMatchObject(refusal(/"endless".*readStream/));
    expect(asked.at(-1)).toBe("close");
  });

  it("cannot send larger pieces than were asked for", async () => {
    const { asked, files } = hostile(new Uint8Array(256 * 1024 + 1));
    await expect(files.read("big")).rejects.toMatchObject(refusal(/too much/));
    expect(asked.at(-1)).toBe("close");
  });

  it.each([
    ["no JSON", "["],
    ["no list", "{}"],
    ["no entries", "[1]"],
    ["a path that leads out", '[{"path":"../x","type":"file","size":1}]'],
    ["an absolute path", '[{"path":"/x","type":"file","size":1}]'],
    ["an unknown type", '[{"path":"x","type":"link","size":1}]'],
    ["a size that is none", '[{"path":"x","type":"file","size":-1}]'],
  ])("cannot give a list with %s", async (_, list) => {
    await expect(hostile(Buffer.from(list)).files.list()).rejects.toMatchObject(
      refusal(/nonsense/),
    );
  });
});
