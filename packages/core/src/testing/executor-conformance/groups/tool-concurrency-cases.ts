import { check, checkEqual, checkStatus } from "../assertions.js";
import { lines, printed, shown } from "../cells.js";
import type { ConformanceGroup } from "../conformance-case.js";
import { ToolHost, value } from "../tool-host.js";

/** A host whose calls wait for each other, and that counts how many were open at once. */
function meetingHost(): { host: ToolHost; most: () => number } {
  let open = 0;
  let most = 0;
  const host = new ToolHost({
    "wait-for": async ({ input }) => {
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setTimeout(resolve, 300));
      open -= 1;
      return value(input);
    },
  });
  return { host, most: () => most };
}

/** Calls side by side: from threads, and by `map`. */
export const toolConcurrencyGroup: ConformanceGroup = {
  name: "tool concurrency",
  cases: [
    {
      name: "lets calls of threads overlap, or takes them one at a time as declared",
      async run(context) {
        const interpreter = await context.shared();
        const { threads, concurrentToolCalls } = interpreter.capabilities;
        const { host, most } = meetingHost();
        const result = await interpreter.execute(
          lines(
            "from concurrent.futures import ThreadPoolExecutor",
            "with ThreadPoolExecutor(4) as pool:",
            "    tc_results = list(pool.map(wait_for, 'abcd'))",
            "[r['name'] for r in tc_results]",
          ),
          { onToolCall: host.handle },
        );
        if (!threads) {
          checkStatus(result, "error");
          return;
        }
        checkStatus(result, "ok");
        checkEqual(shown(result), "['a', 'b', 'c', 'd']", "results");
        checkEqual(most() > 1, concurrentToolCalls, "whether calls overlapped");
      },
    },
    {
      name: "gives every thread its own answer",
      async run(context) {
        const interpreter = await context.shared();
        if (!interpreter.capabilities.threads) return;
        const host = new ToolHost({
          echo: async ({ input }) => {
            await new Promise((resolve) => setTimeout(resolve, Number(input) % 7));
            return value(input);
          },
        });
        const result = await interpreter.execute(
          lines(
            "from concurrent.futures import ThreadPoolExecutor",
            "with ThreadPoolExecutor(20) as pool:",
            "    tc_all = list(pool.map(echo, range(100)))",
            "tc_all == list(range(100))",
          ),
          { onToolCall: host.handle },
        );
        checkEqual(shown(result), "True", "results in order");
      },
    },
    {
      name: "runs calls of asyncio.to_thread",
      async run(context) {
        const interpreter = await context.shared();
        if (!interpreter.capabilities.threads) return;
        const result = await interpreter.execute(
          "import asyncio\nawait asyncio.gather(*(asyncio.to_thread(echo, i) for i in range(10)))",
          { onToolCall: new ToolHost().handle },
        );
        checkEqual(shown(result), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]", "results");
      },
    },
    {
      name: "raises a tool's error in the thread that called",
      async run(context) {
        const interpreter = await context.shared();
        if (!interpreter.capabilities.threads) return;
        const host = new ToolHost({
          echo: ({ input }) =>
            input === 1
              ? { ok: false, error: { type: "ValueError", message: "not one" } }
              : value(input),
        });
        const result = await interpreter.execute(
          lines(
            "from concurrent.futures import ThreadPoolExecutor",
            "def attempt(x):",
            "    try:",
            "        return echo(x)",
            "    except ValueError as e:",
            "        return str(e)",
            "with ThreadPoolExecutor(3) as pool:",
            "    print(list(pool.map(attempt, range(3))))",
          ),
          { onToolCall: host.handle },
        );
        checkEqual(printed(result), "[0, 'not one', 2]\n", "text output");
      },
    },
    {
      name: "maps many inputs at once, in order",
      async run(context) {
        const { host, most } = meetingHost();
        const result = await context.run("[r['name'] for r in wait_for.map(['a', 'b', 'c'])]", {
          onToolCall: host.handle,
        });
        checkStatus(result, "ok");
        checkEqual(shown(result), "['a', 'b', 'c']", "results");
        checkEqual(most(), 3, "calls open at once");
      },
    },
    {
      name: "maps arguments by name and by position",
      async run(context) {
        const host = new ToolHost();
        const result = await context.run(
          "_ = search.map([{'query': 'a', 'limit': 1}, ('b', 2), 'c'])",
          {
            onToolCall: host.handle,
          },
        );
        checkStatus(result, "ok");
        checkEqual(
          host.inputs,
          [{ query: "a", limit: 1 }, { query: "b", limit: 2 }, { query: "c" }],
          "inputs",
        );
      },
    },
    {
      name: "maps nothing to nothing",
      async run(context) {
        const host = new ToolHost();
        const result = await context.run("echo.map([])", { onToolCall: host.handle });
        checkEqual([shown(result), host.requests.length], ["[]", 0], "result and calls");
      },
    },
    {
      name: "maps a failed call to its error",
      async run(context) {
        const host = new ToolHost({
          echo: ({ input }) =>
            input === 2
              ? { ok: false, error: { type: "ToolError", message: "not two" } }
              : value(input),
        });
        const result = await context.run("echo.map([1, 2, 3])", { onToolCall: host.handle });
        checkStatus(result, "error");
        check(/(^|\.)ToolError$/.test(result.error?.type ?? ""), `type is ${result.error?.type}`);
        checkEqual(host.requests.length, 3, "calls");
      },
    },
    {
      name: "maps a hundred inputs",
      async run(context) {
        const result = await context.run("echo.map(range(100)) == list(range(100))", {
          onToolCall: new ToolHost().handle,
        });
        checkEqual(shown(result), "True", "results");
      },
    },
  ],
};
