import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Agent, type Interpreter } from "@codeact/core";
import { ScriptedModel } from "@codeact/core/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { PythonExecutor } from "../../src/python/index.js";
import { shown } from "../start-python.js";
import { whyNoSandbox } from "../strict-sandbox.js";
import { traps } from "./workspace-traps.js";

const isMissing = (await whyNoSandbox()) !== undefined;
const strict = { sandbox: "strict" } as const;
const executor = new PythonExecutor(strict);
let outside: string;

beforeAll(() => {
  outside = realpathSync(mkdtempSync(join(tmpdir(), "traps-test-")));
});

beforeEach(() => {
  mkdirSync(outside, { recursive: true });
  writeFileSync(join(outside, "secret"), "secret");
});

afterEach(() => {
  // Whatever the host did: nothing outside was made, changed or removed.
  expect(readdirSync(outside)).toEqual(["secret"]);
  expect(readFileSync(join(outside, "secret"), "utf8")).toBe("secret");
});

afterAll(async () => {
  await executor.close();
  rmSync(outside, { recursive: true });
});

async function run(python: Interpreter, code: string): Promise<string> {
  const result = await python.execute(`import os\noutside = ${JSON.stringify(outside)}\n${code}`);
  expect(result.status, result.error?.traceback).toBe("ok");
  const value = shown(result);
  return typeof value === "string" ? value : "";
}

/** The workspace as the host sees it. */
async function hostPath(python: Interpreter): Promise<string> {
  const inner = (await run(python, "os.getcwd()")).slice(1, -1);
  return join(realpathSync(tmpdir()), basename(inner));
}

async function* once(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("overwritten");
}

async function readAll(python: Interpreter, path: string): Promise<void> {
  for await (const piece of python.files.readStream(path)) expect.fail(String(piece));
}

describe.skipIf(isMissing)("in the workspace of a confined session", () => {
  it.each(traps)("$name leads the host nowhere", async ({ code, path = "trap", isBait }) => {
    const python = await executor.start();
    await run(python, code);
    const workspace = await hostPath(python);
    // Who opens it as it is gets out.
    if (isBait) expect(readFileSync(join(workspace, path), "utf8")).toBe("secret");
    const { files } = python;
    for (const operation of [
      () => files.read(path),
      () => files.write(path, "overwritten"),
      () => readAll(python, path),
      () => files.writeStream(path, once()),
    ]) {
      await expect(operation()).rejects.toMatchObject({ code: "workspace-file" });
    }
    const listed = (await files.list()).map((entry) => entry.path);
    expect(listed.filter((each) => each.includes("secret"))).toEqual([]);
    await files.list(path).then((entries) => expect(entries).toEqual([]), expectWorkspaceFile);
    // A copy takes the trap along, not what it leads to.
    const branch = await python.fork?.();
    if (branch === undefined) expect.fail("fork() is missing");
    const copy = await hostPath(branch);
    expect(contents(copy)).not.toContain("secret");
    await branch.close();
    await files.remove(path).catch(expectWorkspaceFile);
    await python.close();
    expect([existsSync(workspace), existsSync(copy)]).toEqual([false, false]);
  });

  it("a hard link to a file outside cannot be made, nor a device, nor a set-user-ID file", async () => {
    const python = await executor.start();
    const attempts = [
      'os.link(outside + "/secret", "trap")',
      'os.mknod("trap", 0o020666, os.makedev(0, 0))',
      'os.mknod("trap", 0o020666, os.makedev(1, 5))',
      'os.mknod("trap", 0o060666, os.makedev(8, 0))',
      'open("trap", "w").close(); os.chmod("trap", 0o4755)',
    ];
    for (const attempt of attempts) {
      const result = await python.execute(
        `import os\noutside = ${JSON.stringify(outside)}\n${attempt}`,
      );
      expect(result.error?.type, attempt).toMatch(/PermissionError|FileNotFoundError|OSError/);
    }
    await python.close();
  });

  it("names of any bytes are listed, copied and removed", async () => {
    const python = await executor.start();
    const names = [
      String.raw`b"\xff\xfe"`,
      'b"new\\nline"',
      'b"__proto__"',
      'b"a" * 255',
      'b"..."',
    ];
    await run(python, `for name in [${names.join(",")}]: open(name, "w").close()`);
    await run(python, 'os.mkdir(b"dir\\xff"); open(b"dir\\xff/f\\xff", "w").write("x")');
    const branch = await python.fork?.();
    const count = "len(os.listdir(b'.')), os.listdir(b'dir\\xff')";
    expect(await run(branch ?? expect.fail(), count)).toBe(String.raw`(6, [b'f\xff'])`);
    // Names that are no text have none on the host.
    const listed = (await python.files.list()).map((entry) => entry.path);
    expect(listed.sort()).toEqual(["...", "__proto__", "a".repeat(255), "new\nline"]);
    const workspaces = [await hostPath(python), await hostPath(branch ?? expect.fail())];
    await Promise.all([branch?.close(), python.close()]);
    expect(workspaces.filter((path) => existsSync(path))).toEqual([]);
  });

  it("a tree of 600 levels costs the host no more than 256 descriptors", async () => {
    const python = await executor.start();
    await run(python, "for _ in range(600): os.mkdir('d'); os.chdir('d')");
    const openNow = () => readdirSync("/proc/self/fd").length;
    const before = openNow();
    let most = before;
    const timer = setInterval(() => {
      most = Math.max(most, openNow());
    }, 1);
    const tooDeep = { message: expect.stringContaining("deeper than 256 directories") as string };
    await expect(python.files.list()).rejects.toMatchObject({ code: "workspace-file", ...tooDeep });
    await expect(python.fork?.()).rejects.toMatchObject({ code: "fork", ...tooDeep });
    await python.files.remove("d");
    expect(await python.files.list()).toEqual([]);
    await run(python, "os.chdir(os.path.expanduser('~'))");
    clearInterval(timer);
    expect(most - before).toBeLessThan(350);
    await python.close();
  });

  it("links that a process swaps all the time lead nowhere", { timeout: 90_000 }, async () => {
    const python = await executor.start();
    await run(
      python,
      `
os.makedirs("real"); open("real/secret", "w").write("harmless")
os.symlink(outside, "evil")
if os.fork() == 0:
    os.setsid()
    import time, shutil
    while True:
        try:
            os.rename("real", "aside"); os.rename("evil", "real")
            os.rename("real", "evil"); os.rename("aside", "real")
        except OSError:
            shutil.rmtree("real", ignore_errors=True)
        time.sleep(0.0003)
`,
    );
    const workspace = await hostPath(python);
    for (let round = 0; round < 40; round++) {
      const bytes = await python.files.read("real/secret").catch(expectWorkspaceFile);
      if (bytes !== undefined) expect(Buffer.from(bytes).toString()).toMatch(/^harmless|^$/);
      await python.files.write("real/new", "x").catch(expectWorkspaceFile);
      await python.files.list("real").catch(expectWorkspaceFile);
      await python.files.remove("real/new").catch(expectWorkspaceFile);
    }
    for (let round = 0; round < 5; round++) {
      const branch = await python.fork?.();
      if (branch !== undefined) expect(contents(await hostPath(branch))).not.toContain("secret");
      await branch?.close();
    }
    await python.close();
    expect(existsSync(workspace)).toBe(false);
  });

  it("kept on request, links stay what they are", async () => {
    const keeping = new PythonExecutor({ ...strict, keepWorkspace: true });
    const python = await keeping.start();
    await run(python, 'os.symlink(outside, "trap"); open("file", "w").write("kept")');
    const workspace = await hostPath(python);
    await keeping.close();
    expect(readdirSync(workspace).sort()).toEqual(["file", "trap"]);
    rmSync(workspace, { recursive: true });
  });

  it("of a sibling that knows the path nothing is read or written", async () => {
    const [one, other] = [await executor.start(), await executor.start()];
    await one.files.write("file", "of one");
    const inner = (await run(one, "os.getcwd()")).slice(1, -1);
    const paths = [inner, await hostPath(one)].map((path) => JSON.stringify(`${path}/file`));
    for (const path of paths) {
      const reading = await other.execute(`open(${path}).read()`);
      expect(reading.error?.type).toBe("FileNotFoundError");
      const writing = await other.execute(`open(${path}, "w").write("x")`);
      expect(writing.error?.type).toMatch(/FileNotFoundError|PermissionError/);
      const linking = `os.symlink(${path}, "link"); os.path.exists("link")`;
      expect(await run(other, `${linking} and os.remove("link")`)).toBe("False");
      await run(other, 'os.remove("link")');
    }
    expect(Buffer.from(await one.files.read("file")).toString()).toBe("of one");
    await Promise.all([one.close(), other.close()]);
  });
});

describe.skipIf(isMissing)("a confined session of an agent", () => {
  const code = (text: string) => `<execute>\n${text}\n</execute>`;

  it("is forked, checkpointed and restored with its files, whatever links are in them", async () => {
    const model = new ScriptedModel([
      code(
        `import os\nos.symlink(${JSON.stringify(outside)}, "trap")\nx = 1\nopen("f", "w").write("1")`,
      ),
      "prepared",
      code('x = 2\nopen("f", "w").write("2")\nos.remove("trap"); os.mkdir("trap")'),
      "changed",
      code('print(x, open("f").read(), os.path.islink("trap"), os.path.exists("trap/secret"))'),
      "restored",
      code('print("branch", x, open("f").read(), os.path.islink("trap"))'),
      "branched",
    ]);
    const agent = new Agent({ model, executor });
    const session = await agent.session();
    await session.run("Prepare.");
    const checkpoint = await session.checkpoint();
    await session.run("Change.");
    await session.restore(checkpoint);
    await session.run("Look.");
    const branch = await session.fork();
    await branch.run("Look there.");
    const seen = model.requests.map(({ messages }) => JSON.stringify(messages.at(-1))).join("\n");
    expect(seen).toContain("1 1 True False");
    expect(seen).toContain("branch 1 1 True");
    await expect(branch.files.read("trap/secret")).rejects.toMatchObject({
      code: "workspace-file",
    });
    await Promise.all([branch.close(), checkpoint.close()]);
    // The session goes on without either.
    expect(session.interpreter.capabilities.isolation.join()).toContain("Landlock");
    await session.close();
  });
});

function expectWorkspaceFile(error: { code?: string }): undefined {
  expect(error.code).toBe("workspace-file");
}

/** The contents of the ordinary files in a directory. The recursion of `readdir` follows links in Node 26. */
function contents(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return contents(path);
    return entry.isFile() ? [readFileSync(path, "utf8")] : [];
  });
}
