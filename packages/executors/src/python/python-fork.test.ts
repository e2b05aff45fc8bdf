import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Interpreter } from "@codeact/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callTool, newExecutor, shown, startPython, textOf } from "../../test/start-python.js";
import { PythonExecutor } from "./index.js";

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "python-fork-test-"));
});

afterAll(() => rmSync(directory, { recursive: true }));

async function value(python: Interpreter, code: string): Promise<string> {
  const result = await python.execute(code);
  expect(result.status, JSON.stringify(result.error)).toBe("ok");
  return String(shown(result));
}

async function fork(python: Interpreter, workspace?: "copy" | "share"): Promise<Interpreter> {
  const branch = await python.fork?.(workspace === undefined ? undefined : { workspace });
  if (branch === undefined) throw new Error("fork() is missing");
  return branch;
}

async function workspaceOf(python: Interpreter): Promise<string> {
  return (await value(python, "import os; os.getcwd()")).slice(1, -1);
}

describe("a branch", () => {
  it("has the variables, functions, classes, modules and cells of its source, and its own from then on", async () => {
    const python = await startPython();
    await python.execute(
      "import math\nclass A:\n    def __init__(self): self.items = [1]\na = b = A()\ndef grow(n):\n    a.items.append(n / 1)\n    return a.items",
    );
    const branch = await fork(python);
    await branch.execute("a.items.append(2); b.extra = 'branch'; del math");
    await python.execute("a.items.append(3)");
    expect(await value(branch, "a is b, a.items, b.extra, 'math' in globals()")).toBe(
      "(True, [1, 2], 'branch', False)",
    );
    expect(await value(python, "a is b, a.items, hasattr(a, 'extra'), math.floor(2.5)")).toBe(
      "(True, [1, 3], False, 2)",
    );
    expect(await value(branch, "grow(4)")).toBe("[1, 2, 4.0]");
    const failed = await branch.execute("grow('x')");
    expect(failed.error?.traceback).toMatch(
      /Cell 1, line 6, in grow\n {4}a\.items\.append\(n \/ 1\)/,
    );
  });

  it("numbers its cells on, and keeps __future__ imports and aliases of tools", async () => {
    const python = await startPython({}, { tools: [callTool] });
    await python.execute("from __future__ import annotations\nsaved = {'tool': call}");
    const branch = await fork(python);
    const onToolCall = async () => ({ ok: true as const, value: "answer" });
    const result = await branch.execute("def f(x: undefined): ...\nsaved['tool'](1)", {
      onToolCall,
    });
    expect(result).toMatchObject({ status: "ok", cell: 2 });
    expect(shown(result)).toBe("'answer'");
  });

  it("outlives its source, and its source outlives it", async () => {
    const python = await startPython();
    await python.execute("x = 'kept'");
    const [first, second] = [await fork(python), await fork(python)];
    await first.close();
    expect(await value(python, "x")).toBe("'kept'");
    await python.close();
    expect(await value(second, "x")).toBe("'kept'");
  });

  it("that crashes or is reset harms only itself", async () => {
    const python = await startPython();
    await python.execute("x = 1");
    const branch = await fork(python);
    const result = await branch.execute("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)");
    expect(result).toMatchObject({ status: "crashed", lostReason: "killed by SIGSEGV" });
    expect(await value(branch, "'x' in globals()")).toBe("False");
    const other = await fork(python);
    await other.reset();
    expect(await value(other, "'x' in globals()")).toBe("False");
    expect(await value(python, "x")).toBe("1");
  });

  it("is interrupted alone, with everything that it has started", async () => {
    const python = await startPython();
    const branch = await fork(python);
    const slow = python.execute("import time; time.sleep(0.7); 'undisturbed'");
    const result = await branch.execute("x = 5\nwhile True: pass", { timeoutMs: 200 });
    expect(result).toMatchObject({ status: "timeout", state: "kept" });
    expect(await value(branch, "x")).toBe("5");
    expect(shown(await slow)).toBe("'undisturbed'");
  });

  it("writes to its own cell only", async () => {
    const python = await startPython();
    await python.execute("import os, sys, subprocess");
    const branch = await fork(python);
    const print = (name: string) =>
      `print('${name} print')\nos.write(1, b'${name} write\\n')\nsys.stderr.write('${name} error\\n')\n_ = subprocess.run(['echo', '${name} child'])`;
    const [ours, theirs] = await Promise.all([
      python.execute(print("source")),
      branch.execute(print("branch")),
    ]);
    const lines = ["print", "write", "error", "child"];
    expect(textOf(ours)).toBe(lines.map((line) => `source ${line}\n`).join(""));
    expect(textOf(theirs)).toBe(lines.map((line) => `branch ${line}\n`).join(""));
    expect(theirs.outputs).toContainEqual({
      type: "text",
      stream: "stderr",
      text: "branch error\n",
    });
  });

  it("draws other numbers from the global generators, and the same from its own", async () => {
    const python = await startPython();
    await python.execute("import random, os\nrandom.seed(1)\nown = random.Random(1)\nown.random()");
    const branches = [await fork(python), await fork(python)];
    const drawn = [];
    for (const each of [python, ...branches]) {
      drawn.push([await value(each, "random.random()"), await value(each, "own.random()")]);
    }
    expect(new Set(drawn.map(([global]) => global)).size).toBe(3);
    expect(new Set(drawn.map(([, own]) => own)).size).toBe(1);
  });

  it("has a new event loop, and leaves that of its source alone", async () => {
    const python = await startPython();
    await python.execute(
      "import asyncio, time\nawait asyncio.to_thread(time.sleep, 0)\nqueue = asyncio.Queue()\nfirst = asyncio.get_running_loop()",
    );
    const branch = await fork(python);
    const use = "await asyncio.gather(*[asyncio.to_thread(int, n) for n in '12'])";
    expect(await value(branch, use)).toBe("[1, 2]");
    expect(
      await value(
        branch,
        "asyncio.get_running_loop() is first\nawait asyncio.sleep(0.01, 'slept')",
      ),
    ).toBe("'slept'");
    await branch.close();
    expect(await value(python, `${use}`)).toBe("[1, 2]");
    expect(
      await value(
        python,
        "async def same(): return asyncio.get_running_loop() is first\nawait same()",
      ),
    ).toBe("True");
  });
});

describe("memory", () => {
  it("is shared until one side writes: a fork costs page tables", async () => {
    const python = await startPython();
    await python.execute("data = bytearray(b'x') * (200 << 20)");
    const branch = await fork(python);
    const ownMb =
      "sum(int(line.split()[1]) for line in open('/proc/self/smaps_rollup') if line.startswith('Private')) >> 10";
    expect(Number(await value(branch, ownMb))).toBeLessThan(100);
    await branch.execute("data[::4096] = bytes(len(data) >> 12)");
    expect(Number(await value(branch, ownMb))).toBeGreaterThan(150);
    expect(await value(python, "data[0], data[-4096]")).toBe("(120, 120)");
  });
});

describe("the workspace", () => {
  it("is copied: files, modes, directories and links, but no link leads back", async () => {
    const outside = join(directory, "outside.txt");
    writeFileSync(outside, "outside");
    const python = await startPython();
    const source = await workspaceOf(python);
    mkdirSync(join(source, "deep/er"), { recursive: true });
    writeFileSync(join(source, "deep/er/run.sh"), "#!/bin/sh\n", { mode: 0o755 });
    symlinkSync("deep/er/run.sh", join(source, "relative"));
    symlinkSync(join(source, "deep"), join(source, "absolute"));
    symlinkSync(outside, join(source, "out"));
    await python.execute("import os; os.mkfifo('pipe'); os.chdir('deep')");
    const branch = await fork(python);
    const copy = await workspaceOf(branch);
    expect(copy.endsWith("/deep")).toBe(true);
    const root = copy.slice(0, -"/deep".length);
    expect(root).not.toBe(source);
    expect(readdirSync(root).sort()).toEqual(["absolute", "deep", "out", "relative"]);
    expect(statSync(join(root, "relative")).mode & 0o777).toBe(0o755);
    expect(readlinkSync(join(root, "absolute"))).toBe(join(root, "deep"));
    expect(readlinkSync(join(root, "out"))).toBe(outside);
    await branch.close();
    expect(existsSync(root)).toBe(false);
    expect(existsSync(source)).toBe(true);
  });

  it("is removed with its last user where it is shared", async () => {
    const python = await startPython();
    const path = await workspaceOf(python);
    const branch = await fork(python, "share");
    expect(await workspaceOf(branch)).toBe(path);
    await python.close();
    await branch.execute("open('late.txt', 'w').close()");
    expect((await branch.files.list()).map((entry) => entry.path)).toEqual(["late.txt"]);
    await branch.close();
    expect(existsSync(path)).toBe(false);
  });

  it("that was given stays, and its copies go", async () => {
    const workspace = join(directory, "given");
    const python = await startPython({ workspace });
    await python.execute("open('a', 'w').write('1')");
    const branch = await fork(python);
    const path = await workspaceOf(branch);
    expect(readFileSync(join(path, "a"), "utf8")).toBe("1");
    await branch.close();
    await python.close();
    expect([existsSync(path), readdirSync(workspace)]).toEqual([false, ["a"]]);
  });

  it("takes open files along: what is buffered, the position, and where they lead", async () => {
    const python = await startPython();
    await python.execute(
      "log = open('log.txt', 'w'); _ = log.write('before ')\nopen('in.txt', 'w').write('abcdef')\nsource = open('in.txt', 'rb', buffering=0); _ = source.read(2)",
    );
    const branch = await fork(python);
    expect(await value(branch, "source.read(2)")).toBe("b'cd'");
    expect(await value(python, "source.read(3)")).toBe("b'cde'");
    await branch.execute("_ = log.write('branch'); log.close()");
    await python.execute("_ = log.write('source'); log.close()");
    expect(await value(branch, "open('log.txt').read()")).toBe("'before branch'");
    expect(await value(python, "open('log.txt').read()")).toBe("'before source'");
  });

  it("is where modules of the branch come from", async () => {
    const python = await startPython();
    await python.files.write("helper.py", "def name():\n    return 'old'\ndef fail(): 1/0\n");
    await python.execute("import helper");
    const branch = await fork(python);
    await branch.files.write("other.py", "x = 'branch'");
    expect(await value(branch, "import other\nhelper.name(), other.x")).toBe("('old', 'branch')");
    expect((await python.execute("import other")).error?.type).toBe("ModuleNotFoundError");
    expect((await branch.execute("helper.fail()")).error?.traceback).toContain("helper.py");
  });
});

describe("fork()", () => {
  it("is refused while threads run, by their names, and works when they have ended", async () => {
    const python = await startPython();
    await python.execute(
      "import threading\nstop = threading.Event()\nthread = threading.Thread(target=stop.wait, name='watcher')\nthread.start()",
    );
    await expect(fork(python)).rejects.toMatchObject({
      code: "fork",
      message: expect.stringContaining("watcher"),
    });
    expect(await value(python, "stop.set(); thread.join(); 1")).toBe("1");
    expect(await value(await fork(python), "stop.is_set()")).toBe("True");
  });

  it("is refused while busy, after close() and for bad options", async () => {
    const python = await startPython();
    const running = python.execute("import time; time.sleep(0.3)");
    await expect(fork(python)).rejects.toMatchObject({
      code: "fork",
      message: expect.stringContaining("busy"),
    });
    await running;
    await expect(python.fork?.({ workspace: "x" as "copy" })).rejects.toMatchObject({
      code: "invalid-option",
    });
    await python.close();
    await expect(fork(python)).rejects.toMatchObject({ code: "executor-closed" });
  });

  it("tells of a process that was lost, and starts one where the loss was told", async () => {
    const python = await startPython();
    await python.execute(
      "import threading, os, time\nthreading.Timer(0.05, os._exit, [3]).start()",
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    await expect(fork(python)).rejects.toMatchObject({
      code: "fork",
      message: expect.stringContaining("lost"),
    });
    expect(await python.execute("1")).toMatchObject({ status: "crashed", state: "lost" });
    expect(await value(await fork(python), "1 + 1")).toBe("2");
  });

  it("fails when user code gets in its way, and leaves a usable interpreter", async () => {
    const python = await startPython({ startTimeoutMs: 1500 });
    await python.execute("import os\nos.fork = lambda: 1/0\nx = 1");
    await expect(fork(python)).rejects.toMatchObject({ code: "fork" });
    expect(await value(python, "x")).toBe("1");
    await python.execute("import time\nos.fork = lambda: time.sleep(600)");
    await expect(fork(python)).rejects.toMatchObject({
      code: "fork",
      message: expect.stringContaining("1500 ms"),
    });
    expect(await python.execute("1")).toMatchObject({ state: "lost" });
    expect(await value(python, "2")).toBe("2");
  });

  it("takes no forged answer", async () => {
    const python = await startPython({ startTimeoutMs: 1500 });
    const forge = `import os\nfor fd in range(3, 1100):\n    try: os.write(fd, b'{"type":"forked","ok":true}\\n')\n    except OSError: pass\n`;
    const result = await python.execute(`${forge}import time; time.sleep(5)`);
    expect(result).toMatchObject({ status: "crashed", state: "lost" });
  });

  it("does not exist without a fork server", async () => {
    const python = await startPython({ forkServer: false });
    expect(["fork" in python && python.fork !== undefined, python.capabilities.fork]).toEqual([
      false,
      false,
    ]);
  });

  it("is ended by close(), with what it has begun", async () => {
    const executor = new PythonExecutor();
    const python = await executor.start({});
    const forking = Promise.allSettled([fork(python), fork(python)]);
    await executor.close();
    for (const outcome of await forking) expect(outcome.status).toBe("rejected");
  });

  it("makes 200 nested and sibling branches, and all are reaped", {
    timeout: 120_000,
  }, async () => {
    const executor = newExecutor();
    const python = await executor.start();
    const supervisor = await value(python, "import os; depth = 0; os.getppid()");
    const pids: number[] = [];
    let source: Interpreter = python;
    for (let round = 0; round < 100; round++) {
      const [nested, sibling] = [await fork(source, "share"), await fork(source, "share")];
      await nested.execute("depth += 1");
      expect(await value(nested, "os.getppid()")).toBe(supervisor);
      pids.push(Number(await value(nested, "os.getpid()")));
      pids.push(Number(await value(sibling, "os.getpid()")));
      if (round % 2 === 0) await sibling.close();
      if (source !== python) await source.close();
      source = nested;
    }
    expect(await value(source, "depth")).toBe("100");
    expect(new Set(pids).size).toBe(200);
    // The ones that were closed are gone while the executor lives, zombies included.
    const alive = pids.filter((pid) => existsSync(`/proc/${pid}`));
    expect(alive).toHaveLength(51);
    await executor.close();
    expect(pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
  });
});
