import type { WireValue } from "@codeact/core";
import { describe, expect, it } from "vitest";
import { forked, wrapped } from "../../test/modes.js";
import { callTool, shown, textOf } from "../../test/start-python.js";

const tools = [callTool];
const echo = ({ input }: { input: WireValue }) =>
  Promise.resolve({ ok: true as const, value: input });

describe.each([forked, wrapped])("in mode $mode:", ({ startPython }) => {
  describe("tool calls", () => {
    it("carry values unchanged in both directions", async () => {
      const python = await startPython({}, { tools });
      const seen: WireValue[] = [];
      const result = await python.execute(
        "import math\n" +
          "values = [1, 1.5, 'é😀', None, True, b'\\x00\\xff', {'$blob': 0}, {'$x': [1]}, {'__proto__': 1}, math.inf]\n" +
          "assert call(values) == values\nassert math.isnan(call(math.nan))\n'same'",
        {
          onToolCall: (request) => {
            seen.push(request.input);
            return echo(request);
          },
        },
      );
      expect(shown(result)).toBe("'same'");
      expect(seen[0]).toEqual([
        1,
        1.5,
        "é😀",
        null,
        true,
        new Uint8Array([0, 255]),
        { $blob: 0 },
        { $x: [1] },
        JSON.parse('{"__proto__":1}'),
        Infinity,
      ]);
      expect(({} as { [key: string]: unknown })["1"]).toBeUndefined();
    });

    it("carry 10 MB of text and of bytes", async () => {
      const python = await startPython({}, { tools });
      const result = await python.execute(
        "text = 'é' * 5_000_000\ndata = bytes(range(256)) * 40_000\n" +
          "assert call(text) == text\nassert call(data) == data\nassert call({'a': [text, data]})['a'][1] == data\n'same'",
        { onToolCall: echo },
      );
      expect(result.error?.message ?? shown(result)).toBe("'same'");
    });

    it("come 1,000 in a row", async () => {
      const python = await startPython({}, { tools });
      const result = await python.execute("sum(call(i) for i in range(1000))", {
        onToolCall: echo,
      });
      expect(shown(result)).toBe("499500");
    });

    it("overlap, 100 at once", async () => {
      const python = await startPython({}, { tools });
      const waiting: (() => void)[] = [];
      const result = await python.execute(
        "from concurrent.futures import ThreadPoolExecutor\n" +
          "with ThreadPoolExecutor(100) as pool: total = sum(pool.map(call, range(100)))\ntotal",
        {
          timeoutMs: 25_000,
          onToolCall: async ({ input }) => {
            // None is answered before all have come.
            await new Promise<void>((resolve) => {
              waiting.push(resolve);
              if (waiting.length === 100) for (const go of waiting) go();
            });
            return { ok: true, value: input };
          },
        },
      );
      expect(shown(result)).toBe("4950");
    });

    it("come from wherever Python calls functions", async () => {
      const python = await startPython({}, { tools });
      const result = await python.execute(
        "from concurrent.futures import ThreadPoolExecutor\nimport asyncio, functools, threading\n" +
          "class Lazy:\n    @functools.cached_property\n    def value(self): return call(8)\n" +
          "seen = [*[call(n) for n in (1,)], *(call(n) for n in (2,)), *map(call, (3,)),\n" +
          "        sorted([5, 4], key=call)[0], max([5], key=lambda n: call(n)), *filter(call, (6,))]\n" +
          "thread = threading.Thread(target=lambda: seen.append(call(7))); thread.start(); thread.join()\n" +
          "seen.append(Lazy().value)\n" +
          "with ThreadPoolExecutor(2) as pool: seen += pool.map(call, (9, 10))\n" +
          "seen += await asyncio.gather(*[asyncio.to_thread(call, n) for n in (11, 12)])\nseen",
        { onToolCall: echo, timeoutMs: 30_000 },
      );
      expect(shown(result)).toBe("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]");
    });

    it("of threads are all settled by an interrupt, and none comes later", async () => {
      const python = await startPython({ interruptGraceMs: 5000 }, { tools });
      const signals: AbortSignal[] = [];
      const code =
        "from concurrent.futures import ThreadPoolExecutor\nends = []\n" +
        "def one(n):\n    try: call(n)\n    except BaseException as error: ends.append(type(error).__name__)\n" +
        "with ThreadPoolExecutor(30) as pool: list(pool.map(one, range(30)))";
      const result = await python.execute(code, {
        timeoutMs: 30_000,
        onToolCall: ({ signal }) => {
          signals.push(signal);
          if (signals.length === 30) void python.interrupt();
          return new Promise(() => {});
        },
      });
      expect(result).toMatchObject({ status: "interrupted", state: "kept" });
      expect(signals.filter((signal) => signal.aborted)).toHaveLength(30);
      // The threads may run on a moment longer than the cell.
      const ended = "import time\nwhile len(ends) < 30: time.sleep(0.01)\nlen(ends), set(ends)";
      const told = await python.execute(ended, { timeoutMs: 30_000 });
      expect(shown(told)).toBe("(30, {'ToolError'})");
      expect(shown(await python.execute("call('next')", { onToolCall: echo }))).toBe("'next'");
    });

    it("abort with their cell, and late answers are dropped", async () => {
      const python = await startPython({}, { tools });
      const signals: AbortSignal[] = [];
      let answer: (() => void) | undefined;
      const result = await python.execute("call(1)", {
        timeoutMs: 300,
        onToolCall: ({ signal }) => {
          signals.push(signal);
          return new Promise((resolve) => {
            answer = () => resolve({ ok: true, value: "late" });
          });
        },
      });
      expect(result).toMatchObject({ status: "timeout", state: "kept" });
      expect(signals.map((signal) => signal.aborted)).toEqual([true]);
      answer?.();
      expect(shown(await python.execute("call('now')", { onToolCall: echo }))).toBe("'now'");
    });

    it("of a thread that outlives its cell are refused", async () => {
      const python = await startPython({}, { tools });
      const calls: WireValue[] = [];
      const onToolCall = (request: { input: WireValue }) => {
        calls.push(request.input);
        return echo(request);
      };
      await python.execute(
        "import threading, time\nseen = []\n" +
          "def later():\n time.sleep(0.3)\n try: call('late')\n except BaseException as error: seen.append(type(error).__name__)\n" +
          "thread = threading.Thread(target=later); thread.start()",
        { onToolCall },
      );
      const result = await python.execute("thread.join(); seen");
      expect(shown(result)).toBe("['ToolError']");
      expect(calls).toEqual([]);
    });

    it("are refused where the cell has no handler", async () => {
      const python = await startPython({}, { tools });
      const result = await python.execute("call(1)");
      expect(result).toMatchObject({ status: "error", error: { type: "ToolError" } });
    });

    it("end the cell when the outcome says so", async () => {
      const python = await startPython({}, { tools });
      const result = await python.execute(
        "print('before')\ntry: call(1)\nexcept Exception: print('caught')\nprint('after')",
        { onToolCall: () => Promise.resolve({ ok: true, value: null, endCell: true }) },
      );
      expect(result).toMatchObject({ status: "ok", state: "kept" });
      expect(textOf(result)).toBe("before\n");
    });

    it("that fault on the host reject execute when the cell is over", async () => {
      const python = await startPython({}, { tools });
      const fault = new Error("host bug");
      const failing = python.execute(
        "try: call(1)\nexcept ToolError as error: caught = str(error)",
        {
          onToolCall: () => Promise.reject(fault),
        },
      );
      await expect(failing).rejects.toBe(fault);
      const caught = String(shown(await python.execute("caught")));
      expect(caught).not.toContain("host bug");
    });
  });
});
