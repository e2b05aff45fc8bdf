import type { WireValue } from "../../../executor/tool-call.js";
import { checkEqual, checkIncludes, checkStatus } from "../assertions.js";
import { cellCase, evaluate, lines, printed } from "../cells.js";
import type { ConformanceCase, ConformanceGroup } from "../conformance-case.js";
import { ToolHost } from "../tool-host.js";

/** A call that reaches the host once, with this input. */
function callCase(
  name: string,
  code: string,
  expected: { name: string; input: WireValue },
): ConformanceCase {
  return {
    name,
    async run(context) {
      const host = new ToolHost();
      const result = await context.run(code, { onToolCall: host.handle });
      checkStatus(result, "ok");
      checkEqual(
        host.requests.map((request) => ({ name: request.name, input: request.input })),
        [expected],
        "calls",
      );
    },
  };
}

/** A call that Python refuses, so that the host never sees it. */
function wrongCase(name: string, code: string, mentions: string): ConformanceCase {
  return {
    name,
    async run(context) {
      const host = new ToolHost();
      const result = await context.run(code, { onToolCall: host.handle });
      checkStatus(result, "error");
      checkEqual(result.error?.type, "TypeError", "type of the error");
      checkIncludes(result.error?.message ?? "", mentions, "message");
      checkEqual(host.requests.length, 0, "calls");
    },
  };
}

const search = (input: WireValue) => ({ name: "search", input });

/** How arguments become the input of a tool. */
export const toolArgumentGroup: ConformanceGroup = {
  name: "tool arguments",
  cases: [
    callCase(
      "go by position",
      "search('cats', 5, 'x')",
      search({ query: "cats", limit: 5, tag: "x" }),
    ),
    callCase(
      "go by keyword",
      "search(tag='x', query='cats', limit=5)",
      search({ query: "cats", limit: 5, tag: "x" }),
    ),
    callCase("are made text where the tool takes text", "announce({1: None})", {
      name: "announce",
      input: { text: "{1: None}" },
    }),
    callCase("mix", "search('cats', tag='x')", search({ query: "cats", tag: "x" })),
    callCase("leave out what was not given", "search('cats')", search({ query: "cats" })),
    callCase(
      "leave out None where it is no value",
      "search('cats', limit=None)",
      search({ query: "cats" }),
    ),
    callCase(
      "send None where it is a value",
      "search('cats', tag=None)",
      search({ query: "cats", tag: null }),
    ),
    callCase("unpack", "search(*['cats'], **{'limit': 3})", search({ query: "cats", limit: 3 })),
    callCase("use aliases for forbidden names", "move(from_='a', to='b')", {
      name: "move",
      input: { from: "a", to: "b" },
    }),
    callCase("use aliases by position", "move('a', 'b')", {
      name: "move",
      input: { from: "a", to: "b" },
    }),
    callCase("may be none", "now()", { name: "now", input: {} }),
    callCase("keep a tool's own name on the wire", "wait_for('x')", {
      name: "wait-for",
      input: { name: "x" },
    }),
    callCase("may be a single value", "echo([1, {'a': 2}])", {
      name: "echo",
      input: [1, { a: 2 }],
    }),
    callCase("may be a single value by keyword", "echo(value=1)", { name: "echo", input: 1 }),
    wrongCase("refuse a missing one", "search()", "query"),
    wrongCase("refuse an unknown keyword", "search('cats', limits=5)", "limits"),
    wrongCase("refuse too many", "search('a', 1, 'b', 'c')", "search"),
    wrongCase("refuse one given twice", "search('a', query='b')", "query"),
    wrongCase("refuse any where there are none", "now(1)", "now"),
    wrongCase("refuse the wire name in Python", "move(**{'from': 'a', 'to': 'b'})", "from"),
    cellCase("know no tool that was not declared", "undeclared_tool(1)", {
      status: "error",
      errorType: "NameError",
    }),
    {
      name: "are documented by help()",
      async run(context) {
        const result = await context.run("help(search)");
        checkStatus(result, "ok");
        const text = printed(result);
        for (const part of ["search", "query", "limit", "Finds things.", "What to look for."]) {
          checkIncludes(text, part, "help");
        }
      },
    },
    {
      name: "are visible to inspect",
      async run(context) {
        const interpreter = await context.shared();
        const described = await evaluate(
          interpreter,
          lines(
            "import inspect",
            "s = inspect.signature(search)",
            "[search.__name__, search.__doc__.strip().splitlines()[0], list(s.parameters), s.parameters['limit'].default, s.parameters['query'].annotation is str]",
          ),
        );
        checkEqual(
          described,
          "['search', 'Finds things.', ['query', 'limit', 'tag'], 10, True]",
          "facts",
        );
      },
    },
    {
      name: "go through functions, loops and comprehensions",
      async run(context) {
        const host = new ToolHost();
        const result = await context.run(
          "def f(x):\n    return echo(x) * 2\n[f(i) for i in range(100)] == [i * 2 for i in range(100)]",
          { onToolCall: host.handle },
        );
        checkStatus(result, "ok");
        checkEqual(
          host.inputs,
          Array.from({ length: 100 }, (_, index) => index),
          "inputs",
        );
        checkEqual(new Set(host.requests.map((request) => request.id)).size, 100, "distinct ids");
      },
    },
  ],
};
