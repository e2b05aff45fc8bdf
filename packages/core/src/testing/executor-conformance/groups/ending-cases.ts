import { check, checkEqual, checkStatus, settles } from "../assertions.js";
import { cellCase, checkStateTruth, checkUsable, lines, placeMarker, printed } from "../cells.js";
import type { ConformanceCase, ConformanceGroup } from "../conformance-case.js";

/** Code that kills its process: the result says so and the next cell runs in a fresh one. */
function deathCase(name: string, code: string): ConformanceCase {
  return {
    name,
    async run(context) {
      const interpreter = await context.fresh();
      await placeMarker(interpreter);
      const result = await settles(interpreter.execute(`print('before')\n${code}`), "the cell");
      checkStatus(result, "crashed");
      checkEqual(result.state, "lost", "state");
      check(Boolean(result.lostReason), "lostReason is missing");
      // A report of the fault may follow.
      check(printed(result).startsWith("before\n"), "output before the death is missing");
      await checkStateTruth(interpreter, result);
    },
  };
}

/** Code that may kill its process or may get away with an exception: either way, the truth. */
function strainCase(name: string, code: string): ConformanceCase {
  return {
    name,
    async run(context) {
      const interpreter = await context.fresh();
      await placeMarker(interpreter);
      const result = await settles(interpreter.execute(code), "the cell", 40_000);
      checkStatus(result, "ok", "error", "crashed");
      checkEqual(result.state, result.status === "crashed" ? "lost" : "kept", "state");
      await checkStateTruth(interpreter, result);
    },
  };
}

const leaves = { status: ["ok", "error"] as const };

/** The ways in which code tries to end the interpreter, or to wait for somebody. */
export const endingGroup: ConformanceGroup = {
  name: "endings",
  cases: [
    cellCase("survives exit()", "exit()", leaves),
    cellCase("survives quit()", "quit()", leaves),
    cellCase("survives sys.exit", "import sys\nsys.exit(3)", leaves),
    cellCase("survives SystemExit", "raise SystemExit('bye')", leaves),
    {
      name: "keeps variables over exit() and runs nothing behind it",
      async run(context) {
        const interpreter = await context.shared();
        await placeMarker(interpreter);
        const result = await interpreter.execute("print('a')\nexit()\nprint('b')");
        checkEqual(printed(result).includes("b"), false, "code after exit() ran");
        checkEqual(result.state, "kept", "state");
        await checkStateTruth(interpreter, result);
      },
    },
    {
      name: "refuses input() at once",
      async run(context) {
        const result = await settles(context.run("input('name? ')"), "input()");
        checkStatus(result, "error");
        checkEqual(result.state, "kept", "state");
      },
    },
    {
      name: "gives nobody's input to a reader of stdin",
      async run(context) {
        const result = await settles(context.run("import sys\nsys.stdin.read()"), "stdin");
        checkStatus(result, "ok", "error");
        checkEqual(result.state, "kept", "state");
      },
    },
    {
      name: "refuses a debugger",
      async run(context) {
        const result = await settles(context.run("breakpoint()"), "breakpoint()");
        checkStatus(result, "ok", "error");
        checkEqual(result.state, "kept", "state");
        await checkUsable(await context.shared());
      },
    },
    deathCase("reports os._exit", "import os\nos._exit(3)"),
    deathCase("reports os._exit(0) as a death too", "import os\nos._exit(0)"),
    deathCase("reports an abort", "import os\nos.abort()"),
    {
      name: "reports a segmentation fault",
      async run(context) {
        const interpreter = await context.fresh();
        await placeMarker(interpreter);
        const result = await settles(
          interpreter.execute("import ctypes\nctypes.string_at(0)"),
          "the cell",
        );
        // Where memory is not protected (WebAssembly), reading address 0 is no fault.
        if (interpreter.capabilities.subprocess) checkStatus(result, "crashed");
        await checkStateTruth(interpreter, result);
      },
    },
    {
      name: "reports a kill signal",
      async run(context) {
        const interpreter = await context.fresh();
        if (!interpreter.capabilities.subprocess) return;
        await placeMarker(interpreter);
        const result = await settles(
          interpreter.execute("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"),
          "the cell",
        );
        checkStatus(result, "crashed");
        await checkStateTruth(interpreter, result);
      },
    },
    strainCase(
      "survives very deep recursion",
      "import sys\nsys.setrecursionlimit(200_000)\ndef f():\n    f()\nf()",
    ),
    strainCase(
      "reports an overflow of the C stack",
      "import sys\nsys.setrecursionlimit(10**6)\ndef f(n):\n    return next(map(f, [n]))\nf(0)",
    ),
    strainCase(
      "reports an overflow of the C stack in a repr",
      lines(
        "import sys",
        "sys.setrecursionlimit(10**6)",
        "x = []",
        "for _ in range(300_000):",
        "    x = [x]",
        "x",
      ),
    ),
    cellCase("survives a recursion", "def f():\n    f()\nf()", {
      status: "error",
      errorType: "RecursionError",
    }),
    cellCase(
      "survives an allocation that cannot be",
      // Half of what can be addressed, with 64 bits as with 32.
      "import sys\nx = bytearray(sys.maxsize // 2 + 1)",
      { status: "error", errorType: "MemoryError" },
    ),
    strainCase("survives a closed stdout", "import os\nos.close(1)\nos.close(2)\nprint('nowhere')"),
    {
      name: "does not wait for processes that outlive the cell",
      async run(context) {
        const interpreter = await context.fresh();
        if (!interpreter.capabilities.subprocess) return;
        const startedAt = performance.now();
        const result = await interpreter.execute(
          "import subprocess\np = subprocess.Popen(['sleep', '30'], start_new_session=True)\nprint('started')",
        );
        checkStatus(result, "ok");
        checkEqual(printed(result), "started\n", "text output");
        await checkUsable(interpreter);
        await settles(interpreter.close(), "close()");
        check(performance.now() - startedAt < 25_000, "the cell or close() waited for the process");
      },
    },
    {
      name: "survives a forked child",
      async run(context) {
        const interpreter = await context.fresh();
        if (!interpreter.capabilities.subprocess) return;
        await placeMarker(interpreter);
        const result = await settles(
          interpreter.execute(
            "import os\np = os.fork()\nif p == 0:\n    os._exit(7)\nos.waitstatus_to_exitcode(os.waitpid(p, 0)[1])",
          ),
          "the cell",
        );
        checkStatus(result, "ok");
        await checkStateTruth(interpreter, result);
      },
    },
  ],
};
