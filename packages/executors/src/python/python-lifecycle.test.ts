import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleExecutor } from "../../test/host-script.js";
import { modes } from "../../test/modes.js";
import { callTool, processesWith, shown, until } from "../../test/start-python.js";

/** Runs on until it is killed, in a process group, a session and an environment of its own. */
const spawnEscaped = (seconds: number) =>
  `import subprocess, time\nsubprocess.Popen(['setsid', '-f', 'sleep', '${seconds}'])\n` +
  `subprocess.Popen(['sleep', '${seconds}'])\ntime.sleep(0.2)`;

describe.each(modes)("in mode $mode:", ({ mode, options, newExecutor, startPython }) => {
  describe("close()", () => {
    it("ends everything that was started, and leaves nothing", async () => {
      const resources = () =>
        process.getActiveResourcesInfo().filter((name) => /Pipe|Process/.test(name));
      const before = resources();
      const listeners = process.listenerCount("exit");
      const executor = newExecutor();
      const pythons = await Promise.all([executor.start(), executor.start()]);
      const workspaces = [];
      for (const python of pythons) {
        await python.execute(spawnEscaped(543210));
        workspaces.push(String(shown(await python.execute("import os; os.getcwd()"))).slice(1, -1));
      }
      expect(processesWith("543210").length).toBeGreaterThanOrEqual(4);
      const marks = workspaces.map((path) => processesWith(path));
      await Promise.all([executor.close(), executor.close()]);
      expect(processesWith("543210")).toEqual([]);
      expect(marks.flat().filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
      expect(workspaces.filter((path) => existsSync(path))).toEqual([]);
      expect(pythons.map((python) => python.state)).toEqual(["closed", "closed"]);
      await until(() => resources().length <= before.length);
      expect(process.listenerCount("exit")).toBe(listeners);
    });

    it("ends a running cell as interrupted and refuses queued ones", async () => {
      const python = await startPython();
      const running = python.execute("import time; time.sleep(600)");
      const queued = python.execute("1");
      const refused = expect(queued).rejects.toMatchObject({ code: "executor-closed" });
      await python.close();
      expect(await running).toMatchObject({
        status: "interrupted",
        state: "lost",
        lostReason: "the interpreter was closed",
      });
      await refused;
      await expect(python.execute("1")).rejects.toMatchObject({ code: "executor-closed" });
      await expect(python.reset()).rejects.toMatchObject({ code: "executor-closed" });
      await expect(python.files.list()).rejects.toMatchObject({ code: "executor-closed" });
    });

    it("may be called by a tool of the running cell", async () => {
      const python = await startPython({}, { tools: [callTool] });
      const result = await python.execute("call(1)", {
        onToolCall: async () => {
          await python.close();
          return { ok: true, value: null };
        },
      });
      expect(result).toMatchObject({ status: "interrupted", state: "lost" });
    });

    it("ends a fresh start in the middle", async () => {
      const python = await startPython();
      await python.execute("import os; os._exit(1)");
      const starting = python.execute("1");
      await python.close();
      expect(await starting).toMatchObject({ status: "interrupted" });
    });
  });

  describe("abort signals", () => {
    it("keep no listener", async () => {
      const { signal } = new AbortController();
      let listeners = 0;
      const add = signal.addEventListener.bind(signal);
      const remove = signal.removeEventListener.bind(signal);
      signal.addEventListener = (...parameters: Parameters<typeof add>) => {
        listeners++;
        add(...parameters);
      };
      signal.removeEventListener = (...parameters: Parameters<typeof remove>) => {
        listeners--;
        remove(...parameters);
      };
      const python = await startPython({}, { signal });
      await Promise.all(["1", "1/0", "2"].map((code) => python.execute(code, { signal })));
      await python.execute("import os; os._exit(1)", { signal });
      await python.execute("3", { signal });
      expect(listeners).toBe(0);
    });
  });

  describe("a host that does not close", () => {
    let directory: string;

    beforeAll(async () => {
      directory = mkdtempSync(join(tmpdir(), "python-lifecycle-test-"));
      await bundleExecutor(directory);
    });

    afterAll(() => rmSync(directory, { recursive: true }));

    /** A script with an interpreter `python`, whose temporary files are in `temporary`. */
    function script(name: string, code: string) {
      const temporary = mkdtempSync(join(directory, "tmp-"));
      const path = join(directory, `${name}.mjs`);
      writeFileSync(
        path,
        'import { PythonExecutor } from "./python.mjs";\n' +
          `const python = await new PythonExecutor(${JSON.stringify(options)}).start();\n${code}\n`,
      );
      return { path, temporary, env: { ...process.env, TMPDIR: temporary } };
    }

    it("can exit all the same when its cells are done", async () => {
      const { path, temporary, env } = script(
        "idle",
        `await python.execute("import subprocess; subprocess.Popen(['sleep', '432101'])");\nconsole.log("done");`,
      );
      const { status, stdout } = spawnSync(process.execPath, [path], { env, timeout: 20_000 });
      expect([status, stdout.toString()]).toEqual([0, "done\n"]);
      // What is told to end may take a moment.
      await until(() => processesWith("432101").length === 0);
      await until(() => readdirSync(temporary).length === 0);
    });

    it.runIf(mode === "direct" && process.platform === "linux")(
      "ends what a direct process has started, also without free descriptors",
      () => {
        const { path, env } = script(
          "starved",
          `import { closeSync, openSync } from "node:fs";
const direct = await new PythonExecutor({ forkServer: false }).start();
await direct.execute("import subprocess; subprocess.Popen(['setsid', '-f', 'sleep', '765432']).wait()");
const taken = [];
try {
  for (;;) taken.push(openSync("/dev/null"));
} catch (error) {
  console.log(error.code);
}
setTimeout(() => taken.forEach((each) => closeSync(each)), 500);
await direct.close();
await python.close();
console.log("closed");`,
        );
        const command = ["-c", 'ulimit -n 200; exec "$0" "$1"', process.execPath, path];
        const { stdout } = spawnSync("sh", command, { env, timeout: 50_000 });
        expect(stdout.toString()).toBe("EMFILE\nclosed\n");
        expect(processesWith("765432")).toEqual([]);
      },
    );

    it.runIf(mode === "wrapped" && process.platform === "linux")(
      "is told when it has no descriptors for another command, and lives on",
      () => {
        const { path, env } = script(
          "starved",
          `import { closeSync, openSync } from "node:fs";
const taken = [];
try {
  for (;;) taken.push(openSync("/dev/null"));
} catch (error) {
  console.log(error.code);
}
const another = new PythonExecutor(${JSON.stringify(options)}).start();
console.log(await another.then(() => "started", (error) => error.code));
taken.forEach((each) => closeSync(each));
console.log((await python.execute("1")).status);
await python.close();`,
        );
        const command = ["-c", 'ulimit -n 200; exec "$0" "$1"', process.execPath, path];
        const { stdout } = spawnSync("sh", command, { env, timeout: 50_000 });
        expect(stdout.toString()).toBe("EMFILE\nexecutor-start\nok\n");
      },
    );

    it("does not exit while a cell runs", () => {
      const { path, env } = script(
        "busy",
        `const { status } = await python.execute("import time; time.sleep(0.5)");\nconsole.log(status);`,
      );
      const { status, stdout } = spawnSync(process.execPath, [path], { env, timeout: 20_000 });
      expect([status, stdout.toString()]).toEqual([0, "ok\n"]);
    });

    it("does not exit while a lost cell is cleared up", () => {
      const { path, env } = script(
        "lost",
        `const { status } = await python.execute("import os; os._exit(1)");\nconsole.log(status, (await python.execute("1")).status);`,
      );
      const { status, stdout } = spawnSync(process.execPath, [path], { env, timeout: 20_000 });
      expect([status, stdout.toString()]).toEqual([0, "crashed ok\n"]);
    });

    it("takes everything along when it calls process.exit()", async () => {
      const { path, temporary, env } = script(
        "exit",
        `void python.execute("import subprocess; subprocess.run(['sleep', '432102'])");\nsetTimeout(() => process.exit(7), 1000);`,
      );
      expect(spawnSync(process.execPath, [path], { env, timeout: 20_000 }).status).toBe(7);
      // What is told to end may take a moment.
      await until(() => processesWith("432102").length === 0);
      await until(() => readdirSync(temporary).length === 0);
    });

    it("takes Python along when it is killed, also out of a busy cell, and leaves no files for long", async () => {
      const { path, temporary, env } = script(
        "killed",
        `void python.execute("marker = 'run' + '432103'\\nimport os; open('/dev/null')\\nsum(range(10**12))");\nsetTimeout(() => console.log("busy"), 300);`,
      );
      const host = spawn(process.execPath, [path], { env: { ...env, HOME: "/432103" } });
      await new Promise((resolve) => host.stdout.once("data", resolve));
      expect(processesWith("/432103").length).toBeGreaterThanOrEqual(2);
      host.kill("SIGKILL");
      await until(() => processesWith("/432103").length === 0);
      // Its workspace goes at the next start, if not before.
      const next = script("next", "await python.close();");
      spawnSync(process.execPath, [next.path], { env, timeout: 20_000 });
      await until(() => readdirSync(temporary).length === 0);
    });
  });
});
