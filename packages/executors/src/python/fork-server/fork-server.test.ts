import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Interpreter } from "@codeact/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleExecutor } from "../../../test/host-script.js";
import {
  isAlive,
  newExecutor,
  processesWith,
  shown,
  startPython,
  textOf,
  until,
} from "../../../test/start-python.js";
import { PythonExecutor } from "../index.js";

let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "fork-server-test-"));
  await bundleExecutor(directory);
});

afterAll(() => rmSync(directory, { recursive: true }));

async function value(python: Interpreter, code: string): Promise<string> {
  const result = await python.execute(code);
  expect(result.status, JSON.stringify(result)).toBe("ok");
  return String(shown(result));
}

/** Where the descriptors of a process lead. */
function open(pid: string | number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch {
      // The one of the listing itself.
      return [];
    }
  });
}

/** Leaves its group, its session and its environment, and so every trace but its parent. */
const hide = (seconds: number) =>
  `import subprocess, time\nsubprocess.Popen(['setsid', '-f', 'env', '-i', 'sleep', '${seconds}'])\ntime.sleep(0.2)`;

describe.each([true, false])("preload with forkServer: %s", (forkServer) => {
  it("finds the modules imported, adapted and not named", async () => {
    const python = await startPython({ forkServer, preload: ["decimal", "asyncio", "os.path"] });
    const names = "import sys; ['decimal' in sys.modules, 'decimal' in globals()]";
    expect(await value(python, names)).toBe("[True, False]");
    expect(await value(python, "import asyncio; await asyncio.to_thread(int, 5)")).toBe("5");
  });

  it.each([
    ["no_such_module", /no_such_module.*No module named/s],
    ["this.is.nothing", /"this\.is\.nothing"/],
  ])("fails clearly for %s", async (name, message) => {
    const executor = newExecutor({ forkServer, preload: ["decimal", name] });
    const failure = { code: "executor-start", message: expect.stringMatching(message) };
    await expect(executor.start()).rejects.toMatchObject(failure);
    await expect(executor.start()).rejects.toMatchObject(failure);
  });

  it.each([[["a b"]], [[""]], ["numpy"], [["os;1"]], [[1]]])("refuses %j", (preload) => {
    expect(() => new PythonExecutor({ preload: preload as string[] })).toThrow(/preload/);
  });
});

describe("sessions of one server", () => {
  it("are processes apart, with nothing of each other", async () => {
    const executor = newExecutor();
    const [first, second] = await Promise.all([executor.start(), executor.start()]);
    await first.execute("import builtins, os\nbuiltins.leak = 1\nos.environ['LEAK'] = '1'");
    const facts = "import builtins, os; [hasattr(builtins, 'leak'), 'LEAK' in os.environ]";
    expect(await value(second, facts)).toBe("[False, False]");
    const identity = "[os.getppid(), os.getpid() == os.getsid(0) == os.getpgid(0)]";
    expect(await value(first, identity)).toBe(await value(second, identity));
  });

  it("inherit no descriptor of the server or of each other", async () => {
    const executor = newExecutor();
    const pythons = await Promise.all([executor.start(), executor.start(), executor.start()]);
    // Whatever started this test may have left some to everybody.
    const inherited = new Set([...open(process.pid), "/dev/null"]);
    const held = [];
    for (const python of pythons) {
      const own = new Set(open(await value(python, "import os; os.getpid()")));
      held.push(...[...own].filter((target) => !inherited.has(target)));
    }
    // The channel, the output and the line to the supervisor, of each.
    expect(held).toHaveLength(9);
    expect(new Set(held).size).toBe(9);
  });

  it("draw different random numbers", async () => {
    const executor = newExecutor({ preload: ["random"] });
    const drawn = new Set<string>();
    for (let index = 0; index < 5; index++) {
      drawn.add(await value(await executor.start(), "import random; random.random()"));
    }
    expect(drawn.size).toBe(5);
  });

  it("end with all that they have started, however it hides, while others go on", async () => {
    const executor = newExecutor();
    const [first, second] = await Promise.all([executor.start(), executor.start()]);
    await first.execute(hide(654301));
    await second.execute(hide(654302));
    expect(processesWith("654301")).toHaveLength(1);
    await first.close();
    expect(processesWith("654301")).toEqual([]);
    expect(processesWith("654302")).toHaveLength(1);
    await second.execute("import os, signal; os.kill(os.getpid(), signal.SIGKILL)");
    expect(processesWith("654302")).toEqual([]);
  });

  it("end when they are stopped and when nothing but SIGKILL helps", async () => {
    const python = await startPython({ interruptGraceMs: 200 });
    const stopped = await python.execute(
      "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
      {
        timeoutMs: 200,
      },
    );
    expect(stopped).toMatchObject({ status: "timeout", state: "lost" });
    const busy = await python.execute("sum(range(10**11))", { timeoutMs: 200 });
    expect(busy).toMatchObject({ status: "timeout", state: "lost" });
    expect(await value(python, "1")).toBe("1");
  });
});

describe("the socket", () => {
  it("is private, takes no stranger, and goes with the executor", async () => {
    const before = new Set(readdirSync(tmpdir()));
    const executor = newExecutor({ env: { TMPDIR: tmpdir() } });
    const python = await executor.start();
    const made = readdirSync(tmpdir())
      .filter((name) => name.startsWith("codeact-fork-") && !before.has(name))
      .map((name) => join(tmpdir(), name))
      .filter((path) => existsSync(join(path, "socket")));
    expect(made.length).toBeGreaterThanOrEqual(1);
    for (const path of made) expect(statSync(path).mode & 0o777).toBe(0o700);
    for (const path of made) expect(statSync(join(path, "socket")).mode & 0o777).toBe(0o600);
    // A process that is not the host is turned away before it can say anything.
    const attempt = made.map(
      (path) =>
        `s = socket.socket(socket.AF_UNIX); s.connect('${path}/socket'); s.settimeout(5)\nprint(s.recv(1))`,
    );
    const result = await python.execute(`import socket\n${attempt.join("\n")}`);
    expect(textOf(result)).toContain("b''");
    // Nor does a wrong token get anything from the host itself.
    const ended = await new Promise<boolean>((resolve) => {
      const socket = connect(join(String(made[0]), "socket"));
      socket.on("close", () => resolve(true)).on("error", () => resolve(true));
      socket.resume().write(`${"0".repeat(32)}c`);
    });
    expect(ended).toBe(true);
    await executor.close();
    expect(made.filter((path) => existsSync(path)).length).toBeLessThan(made.length);
  });
});

describe("a supervisor that dies", () => {
  const kill = "import os, signal; os.kill(os.getppid(), signal.SIGKILL)";

  it("takes its sessions along, and they say so; the next cells have another", async () => {
    const executor = newExecutor();
    const [first, second, third] = await Promise.all([
      executor.start(),
      executor.start(),
      executor.start(),
    ]);
    await third.execute(hide(654303).replaceAll("'env', '-i', ", ""));
    const busy = second.execute("while True: pass");
    const pids = [
      await value(first, "import os; os.getpid()"),
      await value(third, "import os; os.getpid()"),
    ];
    const killer = await first.execute(`${kill}\nimport time; time.sleep(60)`);
    const gone = { status: "crashed", state: "lost", lostReason: /fork server.*SIGKILL/ };
    for (const result of [killer, await busy, await third.execute("1")]) {
      expect(result).toMatchObject({ ...gone, lostReason: expect.stringMatching(gone.lostReason) });
    }
    expect(pids.map(Number).filter(isAlive)).toEqual([]);
    expect(processesWith("654303")).toEqual([]);
    for (const python of [first, second, third]) expect(await value(python, "1 + 1")).toBe("2");
  });

  it("and one that is stopped keep nobody waiting for ever", async () => {
    const executor = new PythonExecutor({ startTimeoutMs: 1000 });
    const python = await executor.start();
    const supervisor = Number(await value(python, "import os; os.getppid()"));
    process.kill(supervisor, "SIGSTOP");
    await expect(executor.start()).rejects.toMatchObject({ code: "executor-start" });
    await executor.close();
    expect(isAlive(supervisor)).toBe(false);
    expect(python.state).toBe("closed");
  });

  it("when nothing is left to do, ends by itself unless it has preloaded", async () => {
    const supervisorOf = async (executor: PythonExecutor) => {
      const python = await executor.start();
      const pid = Number(await value(python, "import os; os.getppid()"));
      await python.close();
      return pid;
    };
    const kept = await supervisorOf(newExecutor({ preload: ["decimal"] }));
    const plain = newExecutor();
    const first = await supervisorOf(plain);
    expect(await supervisorOf(plain)).toBe(first);
    await until(() => !isAlive(first));
    expect(await supervisorOf(plain)).not.toBe(first);
    expect(isAlive(kept)).toBe(true);
  });
});

describe("a host that is killed", () => {
  it("takes everything along within a second, whatever it hides or holds", async () => {
    const path = join(directory, "killed.mjs");
    const temporary = mkdtempSync(join(directory, "tmp-"));
    writeFileSync(
      path,
      `import { PythonExecutor } from "./python.mjs";
const executor = new PythonExecutor({ env: { MARK: "654304" } });
const pythons = await Promise.all([1, 2, 3, 4].map(() => executor.start()));
pythons.push(await pythons[0].fork());
await pythons[0].execute(${JSON.stringify(hide(654304))});
await pythons[1].execute(${JSON.stringify(hide(654304))});
void pythons[1].execute("sum(range(10**11))");
void pythons[2].execute("import signal, os\\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\\nos.kill(os.getpid(), signal.SIGSTOP)");
setTimeout(() => console.log("busy"), 500);
`,
    );
    const host = spawn(process.execPath, [path], { env: { ...process.env, TMPDIR: temporary } });
    await new Promise((resolve) => host.stdout.once("data", resolve));
    // The supervisor, five sessions and two that hide.
    expect(processesWith("654304").length).toBeGreaterThanOrEqual(8);
    const killedAtMs = performance.now();
    host.kill("SIGKILL");
    await until(() => processesWith("654304").length === 0);
    // A second as promised, and more for a busy machine.
    expect(performance.now() - killedAtMs).toBeLessThan(4000);
    expect(readdirSync(temporary).filter((name) => name.startsWith("codeact-fork-"))).toEqual([]);
  });
});

describe("a fork server that could not be started", () => {
  it("leaves no directory", () => {
    const path = join(directory, "unstarted.mjs");
    const temporary = mkdtempSync(join(directory, "tmp-"));
    writeFileSync(
      path,
      `import { closeSync, openSync, readdirSync } from "node:fs";
import { PythonExecutor } from "./python.mjs";
const executor = new PythonExecutor();
const taken = [];
try {
  for (;;) taken.push(openSync("/dev/null"));
} catch (error) {
  console.log(error.code);
}
console.log((await executor.start().catch((error) => error)).code);
for (const each of taken) closeSync(each);
console.log(readdirSync(process.env.TMPDIR).filter((name) => name.startsWith("codeact-fork-")).length);
`,
    );
    const command = ["-c", 'ulimit -n 200; exec "$0" "$1"', process.execPath, path];
    const env = { ...process.env, TMPDIR: temporary };
    const { stdout } = spawnSync("sh", command, { env, timeout: 50_000 });
    expect(stdout.toString()).toBe("EMFILE\nexecutor-start\n0\n");
  });
});
