import { check, checkIncludes, checkStatus } from "../assertions.js";
import {
  cellCase,
  checkResult,
  checkUsable,
  lines,
  printed,
  type CellExpectation,
} from "../cells.js";
import type { ConformanceCase, ConformanceGroup } from "../conformance-case.js";

/** Runs where processes can be started; elsewhere it must be refused as an error of the cell. */
function commandCase(name: string, code: string, expectation: CellExpectation): ConformanceCase {
  return {
    name,
    async run(context) {
      const interpreter = await context.shared();
      const result = await interpreter.execute(code);
      checkResult(result, interpreter.capabilities.subprocess ? expectation : { status: "error" });
      await checkUsable(interpreter);
    },
  };
}

/** `!command` and `%pip`. */
export const commandGroup: ConformanceGroup = {
  name: "commands",
  cases: [
    commandCase("runs !command", "!echo hello", { includes: "hello\n" }),
    commandCase("fills in variables", "cmd_name = 'Oslo'\n!echo city {cmd_name}", {
      includes: "city Oslo",
    }),
    commandCase("runs commands in blocks", "for i in range(2):\n    !echo run {i}", {
      includes: ["run 0", "run 1"],
    }),
    commandCase("captures lines", "cmd_lines = !printf 'a\\nb\\n'\nlist(cmd_lines)", {
      shown: "['a', 'b']",
    }),
    commandCase("shows what a command writes to stderr", "!echo problem 1>&2", {
      includes: "problem",
    }),
    commandCase("keeps commands and prints in order", "print('one')\n!echo two\nprint('three')", {
      printed: "one\ntwo\nthree\n",
    }),
    commandCase("survives a command that does not exist", "!codeact-no-such-command", {
      status: ["ok", "error"],
    }),
    commandCase("gives commands no input to wait for", "!cat\nprint('after')", {
      includes: "after",
    }),
    cellCase(
      "leaves strings alone",
      lines("cmd_s = '''", "!echo no", "%pip install no", "'''", "cmd_s.strip()"),
      { shown: "'!echo no\\n%pip install no'" },
    ),
    cellCase("leaves the modulo operator alone", "cmd_m = (10\n% 4)\ncmd_m", { shown: "2" }),
    {
      name: "has %pip, or says that it has not",
      async run(context) {
        const interpreter = await context.shared();
        // No index and a path that does not exist: pip must fail by itself, without a network.
        const result = await interpreter.execute(
          "%pip --disable-pip-version-check install --no-index /codeact-no-such-package",
        );
        checkStatus(result, "ok", "error");
        const text = `${printed(result)}${result.error?.message ?? ""}`;
        check(text.trim() !== "", "%pip says nothing");
        if (result.error) check(result.error.type !== "SyntaxError", "%pip is unknown");
        else checkIncludes(text.toLowerCase(), "codeact-no-such-package", "what pip says");
        await checkUsable(interpreter);
      },
    },
  ],
};
