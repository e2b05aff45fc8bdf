import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { shown, startPython } from "../../test/start-python.js";
import { runs, wrappers } from "../../test/wrappers.js";
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

const asUser = wrappers.otherUser;

describe("a far workspace", () => {
  it.each([
    ["this user", wrappers.banner],
    ["another user", asUser],
  ])("of %s goes with all that hostile code leaves in it", async (_, command) => {
    if (command === asUser && !runs(asUser)) return;
    // In memory: a slow disk would take longer than the far side has to remove it.
    const python = await startPython({ command: ["env", "TMPDIR=/dev/shm", ...command] });
    const code = `
import os
top = os.getcwd()
for name in [b"\\xff", b"new\\nline"]: open(name, "w").close()
os.makedirs("closed/below"); os.chmod("closed", 0)
for _ in range(1100): os.mkdir("d"); os.chdir("d")
os.symlink("/etc", "link"); os.chdir("/")
top`;
    const workspace = String(shown(await python.execute(code))).slice(1, -1);
    expect(existsSync(workspace)).toBe(true);
    await expect(python.files.list()).rejects.toMatchObject({ code: "workspace-file" });
    await python.close();
    expect(existsSync(workspace)).toBe(false);
  });
});
