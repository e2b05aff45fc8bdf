import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newExecutor, processesWith, shown, startPython } from "../../test/start-python.js";
import { realPython, wrappers } from "../../test/wrappers.js";
import { PythonExecutor, type PythonExecutorOptions } from "../python/index.js";

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "remote-start-test-"));
});

afterAll(() => rmSync(directory, { recursive: true }));

/** A program that answers the typed line as Python does, and then does as it likes. */
function impostor(greeting: string, afterwards = "") {
  return [
    realPython(),
    "-c",
    "import re, sys, time\n" +
      'halves = re.search(r\'"marker":\\["(\\w+)","(\\w+)"\\]\', sys.stdin.readline())\n' +
      `print(halves[1] + halves[2] + ${JSON.stringify(greeting)}, flush=True)\n${afterwards}`,
  ];
}

const goodGreeting = '{"type":"greeting","python":"3.12.1","isTerminal":false}';

describe("the option `command`", () => {
  it.each<[string, object]>([
    ["command", { command: "python3" }],
    ["command", { command: [] }],
    ["command", { command: [""] }],
    ["command", { command: ["ssh", 1] }],
    ["command", { command: ["ssh", "a\0b"] }],
    ["python", { command: ["python3"], python: "python3" }],
    ["forkServer", { command: ["python3"], forkServer: true }],
  ])("is refused: %s in %j", (name, options) => {
    expect(() => new PythonExecutor(options as PythonExecutorOptions)).toThrow(
      expect.objectContaining({ code: "invalid-option", message: expect.stringContaining(name) }),
    );
  });
});

describe("starting through a command", () => {
  it.each<[string, string[], RegExp]>([
    ["is missing", ["no-such-program", "python3"], /no-such-program python3.*no such program/],
    [
      "does not know the interpreter",
      ["sh", "-c", 'exec "$@"', "--", "no-such-python"],
      /no Python answered.*code 127.*no-such-python/s,
    ],
    ["ends at once", ["sh", "-c", "exit 3"], /no Python answered.*code 3.*It wrote nothing/],
    [
      "prints and ends",
      ["sh", "-c", "echo 'This account is not available.'; exit 1"],
      /exited with code 1.*It wrote: This account is not available\./,
    ],
    [
      "prints what a terminal obeys",
      ["sh", "-c", String.raw`printf '\033]0;gotcha\007\033[2J'; exit 1`],
      /It wrote: \]0;gotcha\[2J\.$/,
    ],
    ["complains and ends", ["sh", "-c", "echo 'no route' >&2; exit 255"], /code 255: no route/],
    ["only echoes", ["sh", "-c", "head -1"], /no Python answered/],
    ["is killed", ["sh", "-c", "kill -9 $$"], /killed by SIGKILL/],
    [
      "leads to an old Python",
      impostor('{"type":"greeting","python":"3.8.18","isTerminal":false}'),
      /leads to Python 3\.8\.18; 3\.9 or newer/,
    ],
    [
      "leads to Windows",
      impostor('{"type":"greeting","python":"3.12.1","isTerminal":false,"isWindows":true}'),
      /a Python on Windows/,
    ],
    [
      "gives a terminal",
      impostor('{"type":"greeting","python":"3.12.1","isTerminal":true}'),
      /gives Python a terminal.*-t/,
    ],
    ["goes on with garbage", impostor("garbage"), /a protocol frame was not JSON/],
    [
      "goes on with a frame that is none",
      impostor('{"type":"nonsense"}', "time.sleep(60)"),
      /unknown type/,
    ],
    ["dies after it greeted", impostor(goodGreeting, "sys.exit(9)"), /code 9/],
    [
      "sends output of no process",
      impostor(`${goodGreeting}\n{"type":"exit","reason":"x"}`, "time.sleep(60)"),
      /without a process/,
    ],
  ])("fails clearly when it %s", async (_, command, message) => {
    await expect(startPython({ command })).rejects.toMatchObject({
      code: "executor-start",
      message: expect.stringMatching(message),
    });
  });

  it("fails clearly on a terminal that echoes", async () => {
    // As `ssh -tt` and `docker run -t` do.
    const spawn = "import pty, sys; pty.spawn(['python3', *sys.argv[1:]])";
    const command = [realPython(), "-c", spawn];
    await expect(startPython({ command })).rejects.toMatchObject({
      code: "executor-start",
      message: expect.stringMatching(/a terminal/),
    });
  });

  it("gives up on what does not answer, says what it wrote, and leaves nothing", async () => {
    const command = ["sh", "-c", "echo 'Password:'; exec sleep 210987"];
    await expect(startPython({ command, startTimeoutMs: 2000 })).rejects.toMatchObject({
      code: "executor-start",
      message: expect.stringMatching(/2000 ms.*Password:.*startTimeoutMs/),
    });
    expect(processesWith("210987")).toEqual([]);
  });

  it("gives up when its signal aborts, with the signal's reason", async () => {
    const command = ["sh", "-c", "exec sleep 210986"];
    const controller = new AbortController();
    const reason = new Error("enough");
    const starting = newExecutor({ command }).start({ signal: controller.signal });
    setTimeout(() => controller.abort(reason), 200);
    await expect(starting).rejects.toBe(reason);
    expect(processesWith("210986")).toEqual([]);
  });

  it("imports what is to be preloaded", async () => {
    const python = await startPython({ command: wrappers.banner, preload: ["colorsys"] });
    expect(shown(await python.execute("import sys; 'colorsys' in sys.modules"))).toBe("True");
  });

  it("passes over a banner of any length and kind", async () => {
    const banner = 'head -c 300000 /dev/urandom; echo \'{"type":"greeting"}\'; echo late >&2';
    const command = ["sh", "-c", `${banner}; exec python3 "$@"`, "--"];
    expect(shown(await (await startPython({ command })).execute("1+1"))).toBe("2");
  });
});

describe("the far workspace", () => {
  it("may be given, is made, and never removed", async () => {
    const workspace = join(directory, "given", "deep");
    const python = await startPython({ command: wrappers.banner, workspace });
    expect(shown(await python.execute("import os; os.getcwd()"))).toBe(`'${workspace}'`);
    await python.files.write("stays", "");
    await python.close();
    expect(readdirSync(workspace)).toEqual(["stays"]);
  });

  it("stays when asked to", async () => {
    const python = await startPython({ command: wrappers.banner, keepWorkspace: true });
    const path = String(shown(await python.execute("import os; os.getcwd()"))).slice(1, -1);
    await python.close();
    expect(readdirSync(path)).toEqual([]);
    rmSync(path, { recursive: true });
  });

  it("fails clearly when it cannot be made", async () => {
    const starting = startPython({ command: wrappers.banner, workspace: "/proc/no/such" });
    await expect(starting).rejects.toMatchObject({
      code: "executor-start",
      message: expect.stringMatching(/workspace.*\/proc\/no/),
    });
  });
});
