import { checkEqual, checkStatus } from "../assertions.js";
import { cellCase, evaluate, lines } from "../cells.js";
import type { ConformanceGroup } from "../conformance-case.js";

/** What later cells find of earlier ones. */
export const namespaceGroup: ConformanceGroup = {
  name: "namespace",
  cases: [
    cellCase("keeps variables", ["ns_a = 41", "ns_a + 1"], { shown: "42" }),
    cellCase("keeps imports", ["import math", "math.floor(2.5)"], { shown: "2" }),
    cellCase(
      "lets functions see later globals",
      ["def ns_read():\n    return ns_late", "ns_late = 'late'", "ns_read()"],
      { shown: "'late'" },
    ),
    cellCase(
      "keeps classes, also for pickle",
      [
        "class NsPoint:\n    def __init__(self, x):\n        self.x = x",
        "import pickle\npickle.loads(pickle.dumps(NsPoint(7))).x",
      ],
      { shown: "7" },
    ),
    cellCase("forgets deleted names", ["ns_gone = 1", "del ns_gone", "'ns_gone' in globals()"], {
      shown: "False",
    }),
    cellCase("is the module __main__", "__name__", { shown: "'__main__'" }),
    cellCase(
      "gives the source of functions from earlier cells",
      [
        "def ns_source():\n    return 'find me'",
        "import inspect\n'find me' in inspect.getsource(ns_source)",
      ],
      { shown: "True" },
    ),
    cellCase("runs an empty cell", "", { printed: "", shown: null }),
    cellCase("runs a cell of comments", "# nothing\n\n", { printed: "", shown: null }),
    cellCase("takes Windows line ends", "ns_x = 1\r\nif ns_x:\r\n    print('yes')\r\n", {
      printed: "yes\n",
    }),
    cellCase("takes any script", "größe = '🙂 日本'\nprint(größe)", { printed: "🙂 日本\n" }),
    cellCase("takes long cells", `ns_long = [\n${"1,\n".repeat(50_000)}]\nlen(ns_long)`, {
      shown: "50000",
    }),
    cellCase("refuses a null byte as an error of the cell", "x = 1\0", { status: "error" }),
    cellCase(
      "keeps names that the runtime may use itself",
      ["json = os = sys = result = cell = code = 'mine'", "[json, os, sys, result, cell, code]"],
      { shown: "['mine', 'mine', 'mine', 'mine', 'mine', 'mine']" },
    ),
    {
      name: "keeps what a failed cell did before it failed",
      async run(context) {
        const failed = await context.run("ns_before = 1\nraise ValueError('x')");
        checkStatus(failed, "error");
        checkEqual(failed.state, "kept", "state");
        checkEqual(await evaluate(await context.shared(), "ns_before"), "1", "variable");
      },
    },
    {
      name: "numbers cells upwards, failed ones included",
      async run(context) {
        const numbers: number[] = [];
        for (const code of ["1", "1/0", "x =", "1"]) {
          const result = await context.run(code);
          checkStatus(result, code === "1" ? "ok" : "error");
          numbers.push(result.cell);
        }
        const [first = 0] = numbers;
        checkEqual(numbers, [first, first + 1, first + 2, first + 3], "cell numbers");
      },
    },
    {
      name: "is not shared between interpreters",
      async run(context) {
        checkStatus(
          await context.run(lines("ns_private = 1", "import builtins", "builtins.ns_leak = 1")),
          "ok",
        );
        const other = await context.fresh();
        const found = await evaluate(
          other,
          "('ns_private' in globals(), hasattr(__import__('builtins'), 'ns_leak'))",
        );
        checkEqual(found, "(False, False)", "names in another interpreter");
      },
    },
  ],
};
