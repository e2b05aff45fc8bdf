import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newExecutor, processesWith, shown, startPython, textOf } from "../../test/start-python.js";
import { PythonExecutor, type PythonExecutorOptions } from "./index.js";

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "python-start-test-"));
});

afterAll(() => rmSync(directory, { recursive: true }));

/** An executable that stands in for a Python that is not one. */
function script(name: string, text: string, mode = 0o755): string {
  const path = join(directory, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode });
  return path;
}

function answering(version: string, otherwise: string): string {
  return `case "$*" in *version_info*) echo "$0"; echo "${version}"; exit 0;; esac\n${otherwise}`;
}

describe("the options", () => {
  it.each<[string, object]>([
    ["python", { python: "" }],
    ["python", { python: 3 }],
    ["python", { python: "a\0b" }],
    ["workspace", { workspace: "" }],
    ["keepWorkspace", { keepWorkspace: "yes" }],
    ["env", { env: { "A=B": "1" } }],
    ["env", { env: { A: 1 } }],
    ["env", { env: { A: "\0" } }],
    ["interruptGraceMs", { interruptGraceMs: 0 }],
    ["interruptGraceMs", { interruptGraceMs: Number.NaN }],
    ["startTimeoutMs", { startTimeoutMs: Infinity }],
  ])("are refused for a bad %s", (name, options) => {
    expect(() => new PythonExecutor(options as PythonExecutorOptions)).toThrow(
      expect.objectContaining({ code: "invalid-option", message: expect.stringContaining(name) }),
    );
  });

  it.each([{ timeoutMs: 0 }, { timeoutMs: -1 }, { maxOutputBytes: 1.5 }, { maxOutputBytes: -1 }])(
    "of execute are refused when %j",
    async (options) => {
      const python = await startPython();
      await expect(python.execute("1", options)).rejects.toMatchObject({ code: "invalid-option" });
    },
  );

  it("refuse code that is longer than a frame, and go on", async () => {
    const python = await startPython();
    const long = python.execute(`#${"x".repeat(17 * 1024 * 1024)}`);
    await expect(long).rejects.toMatchObject({ code: "invalid-option" });
    expect(shown(await python.execute("1+1"))).toBe("2");
  });
});

describe("starting", () => {
  it.each<[string, () => string, RegExp]>([
    ["missing", () => "no-such-python", /"no-such-python".*no such command.*`python`/],
    ["missing path", () => "./no/such/python", /no such command or file/],
    ["not executable", () => script("plain", "", 0o644), /not executable/],
    ["a directory", () => directory, /not executable/],
    ["no Python", () => script("silent", "exit 0"), /did not answer as Python does/],
    ["failing", () => script("broken", "echo 'no libpython' >&2; exit 127"), /no libpython/],
    ["Python 2", () => script("two", answering("2.7.18", "exit 1")), /is Python 2\.7\.18.*3\.9/],
    ["Python 3.8", () => script("old", answering("3.8.18", "exit 1")), /is Python 3\.8\.18/],
    [
      "dying before it is ready",
      () => script("dying", answering("3.11.2", "echo 'bad site' >&2; exit 4")),
      /exited with code 4.*bad site/,
    ],
  ])("fails clearly when Python is %s", async (_, python, message) => {
    const executor = newExecutor({ python: python() });
    await expect(executor.start()).rejects.toMatchObject({
      code: "executor-start",
      message: expect.stringMatching(message),
    });
  });

  it("is refused on Windows, but not through a command", async () => {
    const platform = Object.getOwnPropertyDescriptor(process, "platform");
    Object.defineProperty(process, "platform", { ...platform, value: "win32" });
    try {
      await expect(startPython()).rejects.toMatchObject({
        code: "executor-start",
        message: expect.stringMatching(/Windows.*`command`/),
      });
      await expect(startPython({ command: ["no-such-program"] })).rejects.toMatchObject({
        message: expect.stringContaining("no such program"),
      });
    } finally {
      Object.defineProperty(process, "platform", { ...platform });
    }
  });

  it("gives up on a Python that does not get ready, and leaves nothing", async () => {
    const python = script("hanging", answering("3.11.2", "exec sleep 987654"));
    const executor = newExecutor({ python, startTimeoutMs: 300 });
    await expect(executor.start()).rejects.toMatchObject({
      code: "executor-start",
      message: expect.stringMatching(/300 ms.*startTimeoutMs/),
    });
    expect(processesWith("987654")).toEqual([]);
  });

  it("gives up when its signal aborts, with the signal's reason", async () => {
    const log = join(directory, "slow.log");
    const answer = answering("3.11.2", "exec sleep 876543");
    const python = script("slow", answer.replace("echo", `echo asked >> '${log}'; echo`));
    const reason = new Error("enough");
    const executor = newExecutor({ python });
    for (let start = 0; start < 2; start++) {
      const controller = new AbortController();
      const starting = executor.start({ signal: controller.signal });
      setTimeout(() => controller.abort(reason), 200);
      await expect(starting).rejects.toBe(reason);
      expect(processesWith("876543")).toEqual([]);
    }
    // Nothing is wrong with that Python, so that it need not be asked again.
    expect(readFileSync(log, "utf8")).toBe("asked\n");
  });

  it("gives up when the executor is closed", async () => {
    const executor = newExecutor({
      python: script("slow2", answering("3.11.2", "exec sleep 765432")),
    });
    const starting = executor.start();
    const outcome = expect(starting).rejects.toMatchObject({ code: "executor-closed" });
    await executor.close();
    await outcome;
    expect(processesWith("765432")).toEqual([]);
  });

  it("tries again after a failure", async () => {
    const path = join(directory, "later");
    const executor = newExecutor({ python: path });
    await expect(executor.start()).rejects.toMatchObject({ code: "executor-start" });
    script("later", 'exec python3 "$@"');
    expect(shown(await (await executor.start()).execute("1+1"))).toBe("2");
  });

  it("asks a shim once for the real interpreter", async () => {
    const log = join(directory, "shim.log");
    const python = script("shim", `echo called >> '${log}'; exec python3 "$@"`);
    const executor = newExecutor({ python });
    const both = await Promise.all([executor.start(), executor.start()]);
    for (const interpreter of both) expect(shown(await interpreter.execute("1+1"))).toBe("2");
    expect(readFileSync(log, "utf8")).toBe("called\n");
  });
});

describe("the environment", () => {
  it("holds nothing of the host's besides the harmless", async () => {
    process.env["CODEACT_TEST_SECRET"] = "hunter2";
    try {
      const python = await startPython({ env: { MY_SETTING: "on", LANG: "C.UTF-8" } });
      const result = await python.execute(
        "import os, subprocess\nprint(sorted(os.environ))\n" +
          "print(os.environ['MY_SETTING'], os.environ['LANG'])\nprint(subprocess.run('env', capture_output=True).stdout)",
      );
      expect(textOf(result)).not.toContain("hunter2");
      expect(textOf(result)).not.toContain("CODEACT_TEST_SECRET");
      expect(textOf(result)).toContain("on C.UTF-8");
      expect(textOf(result)).toContain("'PATH'");
      const names = (textOf(result).match(/^\[(.*)\]/)?.[1] ?? "").split(", ");
      const allowed =
        /^'(PATH|HOME|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|MY_SETTING|CODEACT_INTERPRETER_ID|MPLBACKEND)'$/;
      expect(names.filter((name) => !allowed.test(name))).toEqual([]);
    } finally {
      delete process.env["CODEACT_TEST_SECRET"];
    }
  });
});

describe("the workspace", () => {
  it("is a temporary directory that goes with the interpreter", async () => {
    const python = await startPython({ env: { TMPDIR: directory } });
    const path = String(
      shown(await python.execute("import os; open('a', 'w').close(); os.getcwd()")),
    );
    const name = path.slice(1, -1);
    expect(readdirSync(name)).toEqual(["a"]);
    await python.close();
    expect(() => readdirSync(name)).toThrow(/ENOENT/);
  });

  it("stays when asked to", async () => {
    const python = await startPython({ keepWorkspace: true });
    const name = String(shown(await python.execute("import os; os.getcwd()"))).slice(1, -1);
    await python.close();
    expect(readdirSync(name)).toEqual([]);
    rmSync(name, { recursive: true });
  });

  it("may be given, is made, shared, and never removed", async () => {
    const workspace = join(directory, "given", "deep");
    const executor = newExecutor({ workspace });
    const [first, second] = await Promise.all([executor.start(), executor.start()]);
    await first.execute("open('shared.txt', 'w').write('hi')");
    expect(shown(await second.execute("open('shared.txt').read()"))).toBe("'hi'");
    await executor.close();
    expect(readdirSync(workspace)).toEqual(["shared.txt"]);
  });

  it("fails clearly when it cannot be made", async () => {
    const file = join(directory, "file");
    writeFileSync(file, "");
    mkdirSync(join(directory, "ok"), { recursive: true });
    await expect(startPython({ workspace: join(file, "below") })).rejects.toMatchObject({
      code: "executor-start",
      message: expect.stringContaining("workspace"),
    });
  });
});
