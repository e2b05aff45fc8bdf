import { execFile, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Interpreter } from "@codeact/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  callTool,
  newExecutor,
  processesWith,
  shown,
  startPython,
  until,
} from "../../test/start-python.js";
import { bundleExecutor } from "../../test/host-script.js";
import { whyNoSandbox } from "../../test/strict-sandbox.js";
import type { PythonExecutorOptions } from "./index.js";

const isMissing = (await whyNoSandbox()) !== undefined;
const strict = { sandbox: "strict" } as const;
const daemon = (marker: string) =>
  `import os, subprocess, sys\nnull = subprocess.DEVNULL\nfor _ in range(3): child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)', '${marker}'], start_new_session=True, env={}, stdin=null, stdout=null, stderr=null)\nwhile '${marker}' not in open(f'/proc/{child.pid}/cmdline').read(): pass`;

/** Runs code in a confined interpreter, and tells its files, or how its start failed. */
const hostProgram = `import { PythonExecutor } from "./python.mjs";
const executor = new PythonExecutor({ sandbox: "strict" });
try {
  const python = await executor.start();
  await python.execute(process.argv[2]);
  console.log(JSON.stringify({ files: (await python.files.list()).map((entry) => entry.path) }));
} catch (error) {
  console.log(JSON.stringify({ code: error.code, message: error.message }));
} finally {
  await executor.close();
}
`;

let directory: string;
let hostScript: string;

beforeAll(async () => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), "python-sandbox-test-")));
  await bundleExecutor(directory);
  hostScript = join(directory, "host.mjs");
  writeFileSync(hostScript, hostProgram);
});

afterAll(() => rmSync(directory, { recursive: true }));

async function value(python: Interpreter, code: string): Promise<string> {
  const result = await python.execute(code);
  expect(result.status, JSON.stringify(result.error)).toBe("ok");
  return String(shown(result));
}

async function fork(python: Interpreter, workspace: "copy" | "share" = "copy") {
  const branch = await python.fork?.({ workspace });
  if (branch === undefined) throw new Error("fork() is missing");
  return branch;
}

const marker = () => `codeact-sandbox-${process.pid}-${Math.random()}`;

describe.skipIf(isMissing)("a confined interpreter", () => {
  it("says what is enforced, and by what", async () => {
    const python = await startPython({
      ...strict,
      memoryMb: 700,
      maxProcesses: 20,
      maxFileSizeMb: 5,
    });
    const said = python.capabilities.isolation.join("\n");
    for (const part of [
      "namespaces",
      "Landlock",
      "seccomp",
      "capabilities",
      "700 MiB",
      "20 proc",
    ]) {
      expect(said).toContain(part);
    }
    expect((await python.execute("bytes(800 << 20)")).error?.type).toBe("MemoryError");
    const write = await python.execute("open('big', 'wb').write(bytes(6 << 20))");
    expect(write.error).toMatchObject({ type: "OSError" });
    const many = await python.execute(
      "import os, time\nfor _ in range(30):\n    if os.fork() == 0: time.sleep(600)",
    );
    expect(many.error?.type).toBe("BlockingIOError");
  });

  it("has what was preloaded, its tools and its workspace, and nothing of the host", async () => {
    writeFileSync(join(directory, "secret"), "secret");
    const options = { ...strict, preload: ["sqlite3", "asyncio"] };
    const python = await startPython(options, { tools: [callTool] });
    await python.files.write("input.txt", "from the host");
    const onToolCall = async () => ({ ok: true as const, value: "answer" });
    const code = "import sys\n'sqlite3' in sys.modules, call(1), open('input.txt').read()";
    const result = await python.execute(code, { onToolCall });
    expect(shown(result)).toBe("(True, 'answer', 'from the host')");
    const reading = await python.execute(`open(${JSON.stringify(join(directory, "secret"))})`);
    expect(reading.error?.type).toBe("FileNotFoundError");
    expect(
      await value(
        python,
        "import os; max(map(int, filter(str.isdigit, os.listdir('/proc')))) < 20",
      ),
    ).toBe("True");
    await value(python, "os.symlink('/etc/passwd', 'link'); 1");
    await expect(python.files.read("link")).rejects.toMatchObject({ code: "workspace-file" });
  });

  it("reads the paths that are listed, and writes in a given workspace only", async () => {
    const [data, workspace] = [join(directory, "data"), join(directory, "given")];
    mkdirSync(data);
    writeFileSync(join(data, "file"), "data");
    const options = { ...strict, readablePaths: [data], workspace };
    const executor = newExecutor(options);
    const [first, second] = [await executor.start(), await executor.start()];
    expect(await value(first, `open('shared', 'w').write('x'); open('${data}/file').read()`)).toBe(
      "'data'",
    );
    expect(await value(second, "import os; os.getcwd(), os.listdir('.')")).toBe(
      `('${workspace}', ['shared'])`,
    );
    expect((await first.execute(`open('${data}/file', 'a')`)).error?.type).toMatch(
      /OSError|Permission/,
    );
    const branch = await fork(first);
    expect(
      await value(
        branch,
        "open('own', 'w').write('x'); os.listdir('.') if 'os' in globals() else __import__('os').listdir('.')",
      ),
    ).toContain("own");
    expect(readdirSync(workspace)).toEqual(["shared"]);
    expect(readFileSync(join(workspace, "shared"), "utf8")).toBe("x");
    // A fresh process in the workspace of the branch.
    await branch.reset();
    expect(await value(branch, "import os; sorted(os.listdir('.'))")).toBe("['own', 'shared']");
  });

  it("is the Python of a virtual environment, with its modules", { timeout: 60_000 }, async () => {
    const environment = join(directory, "venv");
    await promisify(execFile)("python3", ["-m", "venv", "--without-pip", environment]);
    const [library] = readdirSync(join(environment, "lib"));
    writeFileSync(join(environment, "lib", String(library), "site-packages/only_here.py"), "x = 7");
    const python = await startPython({ ...strict, python: join(environment, "bin/python") });
    const child = "[sys.executable, '-c', 'import only_here; print(only_here.x)']";
    const code = `import only_here, subprocess, sys\nsubprocess.run(${child}, capture_output=True, text=True).stdout, only_here.x`;
    expect(await value(python, code)).toBe("('7\\n', 7)");
  });

  it("is interrupted, and keeps its variables", async () => {
    const python = await startPython(strict);
    const result = await python.execute("x = 1\nwhile True: pass", { timeoutMs: 300 });
    expect(result).toMatchObject({ status: "timeout", state: "kept" });
    const child = await python.execute("import subprocess\nsubprocess.run(['sleep', '600'])", {
      timeoutMs: 300,
    });
    expect(child).toMatchObject({ status: "timeout", state: "kept" });
    expect(await value(python, "x")).toBe("1");
  });

  it("takes everything that it has started along when it ends", async () => {
    const python = await startPython(strict);
    const name = marker();
    await value(python, `${daemon(name)}\n1`);
    expect(processesWith(name)).toHaveLength(3);
    await python.close();
    expect(processesWith(name)).toEqual([]);
  });

  it("that crashes is replaced in the same workspace", async () => {
    const python = await startPython(strict);
    const name = marker();
    await value(python, `${daemon(name)}\nopen('kept', 'w').write('x')`);
    const result = await python.execute("os.kill(os.getpid(), 11)");
    expect(result).toMatchObject({ status: "crashed", lostReason: "killed by SIGSEGV" });
    expect(processesWith(name)).toEqual([]);
    expect(await value(python, "import os; os.listdir('.')")).toBe("['kept']");
  });

  it("removes its workspace, whatever leads out of it", async () => {
    const outside = join(directory, "outside");
    mkdirSync(outside);
    writeFileSync(join(outside, "kept"), "kept");
    const python = await startPython(strict);
    const path = (await value(python, "import os; os.getcwd()")).slice(1, -1);
    const here = join(tmpdir(), path.split("/").at(-1) ?? "");
    await value(
      python,
      `os.symlink('${outside}', 'link'); os.makedirs('a/b'); os.chmod('a', 0); 1`,
    );
    symlinkSync(outside, join(here, "link-of-the-host"));
    await python.close();
    expect([existsSync(here), existsSync(join(outside, "kept"))]).toEqual([false, true]);
  });
});

describe.skipIf(isMissing)("branches of a confined interpreter", () => {
  it("outlive their source, crash alone, and take what they started along", async () => {
    const python = await startPython(strict);
    await python.execute("x = 'kept'");
    const [first, second] = [await fork(python), await fork(python)];
    const [ofSource, ofBranch] = [marker(), marker()];
    await value(python, `${daemon(ofSource)}\n1`);
    await value(second, `${daemon(ofBranch)}\n1`);
    await python.close();
    expect([processesWith(ofSource).length, processesWith(ofBranch).length]).toEqual([0, 3]);
    const crash = await first.execute("import os\nos.kill(os.getpid(), 11)");
    expect(crash).toMatchObject({ status: "crashed", state: "lost" });
    expect(await value(first, "'x' in globals()")).toBe("False");
    expect(await value(second, "x")).toBe("'kept'");
    const loop = await second.execute("while True: pass", { timeoutMs: 200 });
    expect(loop).toMatchObject({ status: "timeout", state: "kept" });
    await second.close();
    expect(processesWith(ofBranch)).toEqual([]);
  });

  it("work in a copy of the workspace, or share it", async () => {
    const python = await startPython(strict);
    await value(python, "import os; log = open('log', 'w'); log.write('a')");
    const [copy, shared] = [await fork(python), await fork(python, "share")];
    await value(copy, "log.write('copy'); log.close(); open('own', 'w').write('1')");
    expect((await copy.files.list()).map((entry) => entry.path).sort()).toEqual(["log", "own"]);
    expect(await value(shared, "os.path.samefile('.', os.getcwd()), os.listdir('.')")).toBe(
      "(True, ['log'])",
    );
    expect((await python.files.list()).map((entry) => entry.path)).toEqual(["log"]);
    const nested = await fork(copy);
    await nested.files.write("deep", "1");
    expect(await value(nested, "sorted(os.listdir('.'))")).toBe("['deep', 'log', 'own']");
    const paths = [await value(copy, "os.getcwd()"), await value(nested, "os.getcwd()")];
    await Promise.all([copy.close(), nested.close()]);
    for (const path of paths) expect(existsSync(path.slice(1, -1))).toBe(false);
  });

  it("can be many, one in another, and all are reaped", { timeout: 120_000 }, async () => {
    const executor = newExecutor(strict);
    let source = await executor.start();
    const name = marker();
    await value(source, "depth = 0");
    const opened: Interpreter[] = [];
    for (let round = 0; round < 20; round++) {
      const [nested, sibling] = [await fork(source, "share"), await fork(source, "share")];
      await nested.execute("depth += 1");
      opened.push(sibling);
      if (round % 2 === 0) await sibling.close();
      await source.close();
      source = nested;
    }
    expect(await value(source, `${daemon(name)}\ndepth`)).toBe("20");
    expect(await value(opened[19] as Interpreter, "depth")).toBe("19");
    await executor.close();
    expect(processesWith(name)).toEqual([]);
  });
});

describe.skipIf(isMissing)("what cannot be had", () => {
  it.each([
    [{ readablePaths: ["/nonexistent"] }, /Cannot show '\/nonexistent' to the session/],
    [{ workspace: "/dev/shm" }, /Cannot show '\/dev\/shm'/],
  ] satisfies [PythonExecutorOptions, RegExp][])("%j is named", async (options, message) => {
    try {
      await startPython({ ...strict, ...options });
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ message });
    }
  });

  it("is named where the machine forbids it", { timeout: 60_000 }, async () => {
    const command = 'echo 0 > /proc/sys/user/max_user_namespaces; exec "$@"';
    const host = spawn(
      "unshare",
      ["--user", "--map-root-user", "sh", "-c", command, "--", process.execPath, hostScript],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    expect(JSON.parse(await readAll(host.stdout))).toMatchObject({
      code: "sandbox",
      message: expect.stringMatching(/user namespace: unshare failed with ENOSPC.*max_user_names/),
    });
  });
});

describe.skipIf(isMissing)("a host of confined interpreters", () => {
  it("may have its temporary directory anywhere", { timeout: 60_000 }, async () => {
    const temporary = join(directory, "tmp");
    mkdirSync(temporary);
    const host = spawn(process.execPath, [hostScript, "open('file', 'w').write('x')"], {
      env: { ...process.env, TMPDIR: temporary },
      stdio: ["ignore", "pipe", "inherit"],
    });
    expect(JSON.parse(await readAll(host.stdout))).toMatchObject({ files: ["file"] });
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("takes everything along when it is killed", { timeout: 60_000 }, async () => {
    const name = marker();
    const [first, second] = [name.slice(0, 20), name.slice(20)];
    // Not as one word, so that the host itself is not found by it.
    const code = daemon(name).replaceAll(`'${name}'`, `'${first}' '${second}'`);
    const host = spawn(process.execPath, [hostScript, `${code}\nsum(range(10**11))`], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    await until(() => processesWith(name).length === 3);
    host.kill("SIGKILL");
    await until(() => processesWith(name).length === 0);
  });
});

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text;
}
