import { describe, expect, it } from "vitest";
import { findChannel } from "../../test/find-channel.js";
import { modes } from "../../test/modes.js";
import { callTool, shown, textOf } from "../../test/start-python.js";

type Crash = [name: string, code: string, reason: RegExp];

const crashes: Crash[] = [
  ["os._exit", "import os; os._exit(3)", /^exited with code 3$/],
  ["a segmentation fault", "import ctypes; ctypes.string_at(0)", /^killed by SIGSEGV$/],
  ["closing the channel", `${findChannel}os.close(fd)`, /channel|exited with code/],
  [
    "garbage on the channel",
    `${findChannel}send(b'garbage\\n')\nimport time; time.sleep(600)`,
    /not JSON/,
  ],
  [
    "oversized blobs",
    `${findChannel}send(b'{"type":"display","blobs":[999999999999]}\\n')\nimport time; time.sleep(600)`,
    /256 MiB/,
  ],
];

/** Of these the host learns in the same way in every mode. */
const moreCrashes: Crash[] = [
  ["abort", "import os; os.abort()", /^killed by SIGABRT$/],
  [
    "its own kill -9",
    "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    /^killed by SIGKILL$/,
  ],
  [
    "a stack overflow in C",
    "import sys; sys.setrecursionlimit(10**9)\ndef f(): return f.__call__()\nf()",
    /killed by SIG/,
  ],
  [
    "shutting the channel down",
    `${findChannel}socket.socket(fileno=fd).shutdown(2)\nimport time; time.sleep(600)`,
    /channel|exited with code/,
  ],
  [
    "an oversized frame",
    `${findChannel}send(b'x' * (17 << 20))\nimport time; time.sleep(600)`,
    /16 MiB/,
  ],
  [
    "an unknown frame",
    `${findChannel}send(b'{"type":"own-the-host"}\\n')\nimport time; time.sleep(600)`,
    /unknown type/,
  ],
  [
    "a forged prototype",
    `${findChannel}send(b'{"__proto__":{"type":"fault"},"type":7}\\n')\nimport time; time.sleep(600)`,
    /unknown type/,
  ],
  [
    "a second ready",
    `${findChannel}send(b'{"type":"ready","python":"3","pid":1}\\n')\nimport time; time.sleep(600)`,
    /ready/,
  ],
  [
    "the end of another cell",
    `${findChannel}send(b'{"type":"done","cell":99,"status":"ok"}\\n')\nimport time; time.sleep(600)`,
    /not running/,
  ],
];

describe.each(modes)("in mode $mode:", ({ mode, startPython }) => {
  describe("a crash", () => {
    it.each(mode === "forked" ? [...crashes, ...moreCrashes] : crashes)(
      "by %s is a result, and the next cell has a fresh Python",
      async (_, code, reason) => {
        const python = await startPython();
        await python.execute("open('file', 'w').close()");
        const result = await python.execute(`print('before')\n${code}`, { timeoutMs: 20_000 });
        expect(result).toMatchObject({
          status: "crashed",
          state: "lost",
          lostReason: expect.stringMatching(reason),
        });
        expect(textOf(result)).toMatch(/^before\n/);
        expect(shown(await python.execute("import os; os.listdir()"))).toBe("['file']");
      },
    );

    it("between two cells is reported by the next one", async () => {
      const python = await startPython();
      await python.execute("import threading, os\nthreading.Timer(0.2, os._exit, [9]).start()");
      await new Promise((resolve) => setTimeout(resolve, 1500));
      const result = await python.execute("open('ran', 'w').close()");
      expect(result).toMatchObject({
        status: "crashed",
        state: "lost",
        lostReason: expect.stringContaining("exited with code 9"),
      });
      expect(await python.files.list()).toEqual([]);
      expect((await python.execute("1")).status).toBe("ok");
    });

    it("is told at once though a descendant holds the output open", async () => {
      const python = await startPython();
      const result = await python.execute(
        "import subprocess, os\nsubprocess.Popen(['env', '-i', 'setsid', '-f', 'sleep', '15'])\nprint('last')\nimport time; time.sleep(0.3); os._exit(1)",
      );
      expect(result).toMatchObject({ status: "crashed", lostReason: "exited with code 1" });
      expect(textOf(result)).toBe("last\n");
      expect(result.durationMs).toBeLessThan(12_000);
    });

    it("with the fork of a cell in it harms nothing", async () => {
      const python = await startPython();
      const result = await python.execute(
        "import os\npid = os.fork()\nif pid == 0: os._exit(5)\nos.waitpid(pid, 0)[1] >> 8",
      );
      expect(shown(result)).toBe("5");
    });
  });

  describe("a forged frame", () => {
    it("that calls a tool is an honest tool call at most", async () => {
      const python = await startPython({}, { tools: [callTool] });
      const calls: unknown[] = [];
      const result = await python.execute(
        `${findChannel}
for frame in [
    b'{"type":"tool-call","id":"f1","cell":1,"name":"call","input":1}',
    b'{"type":"tool-call","id":"f2","cell":1,"name":"undeclared","input":2}',
    b'{"type":"tool-call","id":"f3","cell":77,"name":"call","input":3}',
    b'{"type":"tool-call","id":"f4","cell":1,"name":"constructor","input":4}',
]: send(frame + b'\\n')
call(5)`,
        {
          onToolCall: ({ name, input }) => {
            calls.push([name, input]);
            return Promise.resolve({ ok: true, value: null });
          },
        },
      );
      expect(result.status).toBe("ok");
      expect(calls).toEqual([
        ["call", 1],
        ["call", 5],
      ]);
    });

    it("with the id of a pending call is a crash", async () => {
      const python = await startPython({}, { tools: [callTool] });
      const frame = `b'{"type":"tool-call","id":"x","cell":1,"name":"call","input":1}\\n'`;
      const result = await python.execute(
        `${findChannel}send(${frame} * 2)\nimport time; time.sleep(600)`,
        {
          onToolCall: () => new Promise(() => {}),
          timeoutMs: 20_000,
        },
      );
      expect(result).toMatchObject({
        status: "crashed",
        lostReason: expect.stringContaining("id"),
      });
    });

    it("that names a mark which never comes is ended by the clock", async () => {
      const python = await startPython({ interruptGraceMs: 300 });
      const frame = `b'{"type":"display","cell":1,"source":"display","data":{},"mark":999999}\\n'`;
      const result = await python.execute(`${findChannel}send(${frame})`, { timeoutMs: 300 });
      expect(result).toMatchObject({ status: "timeout", state: "lost" });
      expect(shown(await python.execute("1"))).toBe("1");
    });

    it("that ends its cell too early harms no later one", async () => {
      const python = await startPython();
      const frame = `b'{"type":"done","cell":1,"status":"ok"}\\n'`;
      const first = await python.execute(
        `${findChannel}send(${frame})\nimport time; time.sleep(0.5)`,
      );
      expect(first.status).toBe("ok");
      const second = await python.execute("'second'", { timeoutMs: 5000 });
      expect(shown(second)).toBe("'second'");
    });
  });

  describe("forged marks", () => {
    it("are text when their nonce is wrong", async () => {
      const python = await startPython();
      const forged = "\\x1b]codeact;0123456789abcdef0123456789abcdef;e\\x07";
      const result = await python.execute(`print('${forged}x', end='')`);
      expect(result.outputs).toEqual([
        {
          type: "text",
          stream: "stdout",
          text: "\x1b]codeact;0123456789abcdef0123456789abcdef;e\x07x",
        },
      ]);
    });
  });
});
