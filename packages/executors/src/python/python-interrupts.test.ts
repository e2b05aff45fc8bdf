import type { Interpreter } from "@codeact/core";
import { describe, expect, it } from "vitest";
import { modes, strict } from "../../test/modes.js";
import { callTool, processesWith, shown } from "../../test/start-python.js";
import { whyNoSandbox } from "../../test/strict-sandbox.js";

const allModes = (await whyNoSandbox()) === undefined ? [...modes, strict] : modes;

/** What depends on how a process is started; `describeExecutor` has more, for every mode. */
const keepsEverywhere: [string, string][] = [
  ["a loop", "while True: pass"],
  [
    "a child process in a session of its own",
    "import subprocess; subprocess.run(['sleep', '600'], start_new_session=True)",
  ],
  ["a blocked tool call", "call(1)"],
  [
    "a cell whose threads go on",
    "import threading\nstop = False\n" +
      "spin = threading.Thread(target=lambda: [None for _ in iter(lambda: stop, True)], daemon=True)\n" +
      "spin.start()\nwhile True: pass",
  ],
];

const keeps: [string, string][] = [
  ...keepsEverywhere,
  ["a sleep", "import time; time.sleep(600)"],
  ["a lock", "import threading; lock = threading.Lock(); lock.acquire(); lock.acquire()"],
  ["a child process", "import subprocess; subprocess.run(['sleep', '600'])"],
  ["a shell command", "import os; os.system('sleep 600')"],
  ["a regular expression", "import re; re.match('(a*)*b', 'a' * 40)"],
  [
    "a thread that is joined",
    "import threading, time\nt = threading.Thread(target=time.sleep, args=(600,), daemon=True)\nt.start(); t.join()",
  ],
  ["endless output", "while True: print('x' * 100)"],
  [
    "an interrupt swallowed once",
    "import time\ntry: time.sleep(600)\nexcept KeyboardInterrupt: pass\ntime.sleep(600)",
  ],
  ["an awaited sleep", "import asyncio; await asyncio.sleep(600)"],
];

const loses: [string, string][] = [
  ["long C code", "sum(range(10**11))"],
  [
    "code that ignores SIGINT",
    "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: time.sleep(1)",
  ],
  [
    "a handler that swallows every interrupt",
    "import signal\nsignal.signal(signal.SIGINT, lambda *_: None)\nwhile True: pass",
  ],
];

describe.each(allModes)("in mode $mode:", ({ mode, startPython }) => {
  async function prepared(): Promise<Interpreter> {
    const python = await startPython({ interruptGraceMs: 2000 }, { tools: [callTool] });
    expect((await python.execute("kept = 41")).status).toBe("ok");
    return python;
  }

  const onToolCall = () => new Promise<never>(() => {});

  describe("an interrupt", () => {
    it.each(mode === "forked" ? keeps : keepsEverywhere)(
      "ends %s and keeps the state",
      async (_, code) => {
        const python = await prepared();
        const result = await python.execute(code, { timeoutMs: 300, onToolCall });
        expect(result).toMatchObject({
          status: "timeout",
          state: "kept",
        });
        // `os.system` makes Python itself deaf while its child, which is told as well, runs.
        if (!code.includes("os.system")) expect(result.error?.type).toBe("KeyboardInterrupt");
        expect(shown(await python.execute("kept + 1"))).toBe("42");
      },
    );

    it("leaves threads alone, which end with the interpreter", async () => {
      const python = await prepared();
      const code =
        "import threading, time\nbeats = 0\ndef beat():\n    global beats\n" +
        "    while True: beats += 1; time.sleep(0.001)\n" +
        "threading.Thread(target=beat).start()\nwhile True: pass";
      const result = await python.execute(code, { timeoutMs: 300 });
      expect(result).toMatchObject({ status: "timeout", state: "kept" });
      const beating = "before = beats\nwhile beats == before: time.sleep(0.01)\nbeats > before";
      expect(shown(await python.execute(beating, { timeoutMs: 20_000 }))).toBe("True");
      await python.close();
    });

    it.each(loses)("kills %s and says that the state is lost", async (_, code) => {
      const python = await startPython({ interruptGraceMs: 400 });
      await python.execute("kept = 41; open('file', 'w').close()");
      const result = await python.execute(code, { timeoutMs: 200 });
      expect(result).toMatchObject({
        status: "timeout",
        state: "lost",
        lostReason: expect.stringContaining("400 ms"),
      });
      expect((await python.execute("kept")).error?.type).toBe("NameError");
      expect(await python.files.list()).toHaveLength(1);
    });

    it("by a signal and by interrupt() says so", async () => {
      const python = await prepared();
      const controller = new AbortController();
      const first = python.execute("import time; time.sleep(600)", { signal: controller.signal });
      setTimeout(() => controller.abort(), 100);
      expect(await first).toMatchObject({ status: "interrupted", state: "kept" });
      const second = python.execute("time.sleep(600)");
      setTimeout(() => void python.interrupt(), 100);
      expect(await second).toMatchObject({ status: "interrupted", state: "kept" });
      await python.interrupt();
      expect(shown(await python.execute("kept"))).toBe("41");
    });

    it("that came first runs nothing", async () => {
      const python = await prepared();
      const result = await python.execute("kept = 0", { signal: AbortSignal.abort() });
      expect(result).toMatchObject({ status: "interrupted", state: "kept", outputs: [] });
      expect(shown(await python.execute("kept"))).toBe("41");
    });

    it("reaches a queued cell, and only that", async () => {
      const python = await prepared();
      const controller = new AbortController();
      const running = python.execute("call(1); kept", {
        onToolCall: async () => {
          controller.abort();
          expect(await queued).toMatchObject({ status: "interrupted", durationMs: 0 });
          return { ok: true, value: null };
        },
      });
      const queued = python.execute("kept = 0", { signal: controller.signal });
      expect(shown(await running)).toBe("41");
      expect(shown(await python.execute("kept"))).toBe("41");
    });

    it("kills children that left the process group when the state is lost", async () => {
      const python = await startPython({ interruptGraceMs: 300 });
      const result = await python.execute(
        "import subprocess\n" +
          "subprocess.Popen(['setsid', 'sleep', '654321'])\n" +
          "subprocess.Popen(['setsid', '-f', 'sleep', '654321'])\n" +
          "subprocess.Popen(['env', '-i', 'setsid', 'sleep', '654321'])\n" +
          "import time; time.sleep(0.3)\nsum(range(10**11))",
        { timeoutMs: 1500 },
      );
      expect(result.state).toBe("lost");
      expect(processesWith("654321")).toEqual([]);
    });

    it("does not count paused time", async () => {
      const python = await prepared();
      const result = await python.execute("call(1)", {
        timeoutMs: 400,
        onToolCall: async (request) => {
          const resume = request.pauseClock();
          await new Promise((resolve) => setTimeout(resolve, 900));
          resume();
          return { ok: true, value: "late" };
        },
      });
      expect(result).toMatchObject({ status: "ok" });
      expect(shown(result)).toBe("'late'");
    });

    it("ends a cell whose onOutput never settles", async () => {
      const python = await prepared();
      const result = await python.execute("while True: print('x' * 1000)", {
        timeoutMs: 300,
        onOutput: () => new Promise(() => {}),
      });
      expect(result).toMatchObject({ status: "timeout", state: "kept" });
    });
  });
});
