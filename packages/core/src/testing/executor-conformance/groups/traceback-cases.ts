import type { PythonError } from "../../../executor/execution-result.js";
import { check, checkEqual, checkIncludes, checkStatus } from "../assertions.js";
import { cellCase, lines } from "../cells.js";
import type { ConformanceCase, ConformanceContext, ConformanceGroup } from "../conformance-case.js";

async function failure(
  context: ConformanceContext,
  ...cells: string[]
): Promise<{ error: PythonError; cells: number[] }> {
  const numbers: number[] = [];
  let error: PythonError | undefined;
  for (const [index, code] of cells.entries()) {
    const result = await context.run(code);
    checkStatus(result, index === cells.length - 1 ? "error" : "ok");
    numbers.push(result.cell);
    error = result.error;
  }
  check(error !== undefined, "the result has no error");
  check(!error.traceback.includes("codeact_runtime"), `runtime frames in ${error.traceback}`);
  return { error, cells: numbers };
}

function errorCase(
  name: string,
  cells: readonly string[],
  verify: (error: PythonError, cells: readonly number[]) => void,
): ConformanceCase {
  return {
    name,
    async run(context) {
      const { error, cells: numbers } = await failure(context, ...cells);
      verify(error, numbers);
    },
  };
}

const place = ({ frames }: PythonError) =>
  frames.map(({ cell, line, function: name, source }) => ({
    cell,
    line,
    name,
    source: source?.trim(),
  }));

/** Exceptions as data. */
export const tracebackGroup: ConformanceGroup = {
  name: "tracebacks",
  cases: [
    errorCase(
      "tell type, message, cell, line and source",
      ["x = 1\nraise ValueError('what')"],
      (error, [cell]) => {
        checkEqual([error.type, error.message], ["ValueError", "what"], "error");
        checkEqual(
          place(error),
          [{ cell, line: 2, name: "<module>", source: "raise ValueError('what')" }],
          "frames",
        );
        check(error.traceback.trimEnd().endsWith("ValueError: what"), "the traceback's last line");
        checkIncludes(error.traceback, "raise ValueError('what')", "traceback");
      },
    ),
    errorCase(
      "name functions of earlier cells",
      [
        "def tb_inner(x):\n    return 1 / x",
        "def tb_outer():\n    return tb_inner(0)\n",
        "\ntb_outer()",
      ],
      (error, [first, second, third]) => {
        checkEqual(
          place(error),
          [
            { cell: third, line: 2, name: "<module>", source: "tb_outer()" },
            { cell: second, line: 2, name: "tb_outer", source: "return tb_inner(0)" },
            { cell: first, line: 2, name: "tb_inner", source: "return 1 / x" },
          ],
          "frames",
        );
      },
    ),
    errorCase("leave library frames out", ["import json\njson.loads('{')"], (error, [cell]) => {
      checkEqual(error.type, "json.decoder.JSONDecodeError", "qualified type");
      checkEqual(
        place(error),
        [{ cell, line: 2, name: "<module>", source: "json.loads('{')" }],
        "frames",
      );
      check(!error.traceback.includes("decoder.py"), "a library file in the traceback");
    }),
    errorCase(
      "keep own frames below library ones",
      ["def tb_key(x):\n    return 1 / x\nsorted(map(tb_key, [0]), key=tb_key)"],
      (error) => {
        checkEqual(
          error.frames.map((frame) => frame.function),
          ["<module>", "tb_key"],
          "functions",
        );
      },
    ),
    errorCase("place syntax errors", ["x = 1\ny = = 2\n"], (error, [cell]) => {
      checkEqual(error.type, "SyntaxError", "type");
      checkIncludes(error.traceback, "y = = 2", "traceback");
      checkEqual(
        error.frames.map((frame) => [frame.cell, frame.line]),
        [[cell, 2]],
        "frames",
      );
    }),
    errorCase("place indentation errors", ["if True:\nx = 1"], (error) => {
      checkEqual([error.type, error.frames.at(-1)?.line], ["IndentationError", 2], "error");
    }),
    errorCase(
      "show what a syntax error of compile() is",
      ["compile('a b', 'f', 'exec')"],
      (error) => {
        checkEqual(error.type, "SyntaxError", "type");
      },
    ),
    errorCase(
      "show the chain of causes",
      ["try:\n    {}['k']\nexcept KeyError as e:\n    raise ValueError('outer') from e"],
      (error) => {
        checkEqual(error.type, "ValueError", "type");
        checkIncludes(error.traceback, "KeyError: 'k'", "traceback");
        check(
          error.traceback.indexOf("KeyError") < error.traceback.indexOf("ValueError: outer"),
          "order of the chain",
        );
      },
    ),
    errorCase(
      "show no suppressed context",
      ["try:\n    {}['hidden']\nexcept KeyError:\n    raise ValueError('x') from None"],
      (error) => {
        check(!error.traceback.includes("KeyError"), "the suppressed context is shown");
      },
    ),
    errorCase("bound recursion", ["def tb_loop():\n    return tb_loop()\ntb_loop()"], (error) => {
      checkEqual(error.type, "RecursionError", "type");
      check(
        error.traceback.length < 20_000 && error.frames.length <= 200,
        "the traceback is not bounded",
      );
    }),
    errorCase("bound huge messages", ["raise ValueError('m' * 5_000_000)"], (error) => {
      check(JSON.stringify(error).length < 500_000, "the error is not bounded");
    }),
    errorCase("give str(exception) as message", ["{}['missing']"], (error) => {
      checkEqual([error.type, error.message], ["KeyError", "'missing'"], "error");
    }),
    errorCase("leave an empty message empty", ["raise RuntimeError"], (error) => {
      checkEqual([error.type, error.message], ["RuntimeError", ""], "error");
      check(error.traceback.trimEnd().endsWith("RuntimeError"), "the traceback's last line");
    }),
    errorCase(
      "name classes of cells",
      ["class TbError(Exception): pass\nraise TbError('mine')"],
      (error) => {
        check(/(^|\.)TbError$/.test(error.type), `type is ${error.type}`);
      },
    ),
    errorCase(
      "survive a str() that raises",
      [
        lines(
          "class TbBad(Exception):",
          "    def __str__(self):",
          "        raise RuntimeError('no str')",
          "raise TbBad()",
        ),
      ],
      (error) => check(/(^|\.)TbBad$/.test(error.type), `type is ${error.type}`),
    ),
    errorCase(
      "cover comprehensions and class bodies",
      ["class TbClass:\n    x = [1 / n for n in (1, 0)]"],
      (error) => {
        checkEqual([error.type, error.frames.at(-1)?.line], ["ZeroDivisionError", 2], "error");
      },
    ),
    {
      name: "name workspace files",
      async run(context) {
        const interpreter = await context.shared();
        await interpreter.files.write(
          "tb_module.py",
          "def f():\n    raise LookupError('in file')\n",
        );
        const { error } = await failure(context, "import tb_module\ntb_module.f()");
        const frame = error.frames.at(-1);
        checkEqual(
          [frame?.file, frame?.line, frame?.function],
          ["tb_module.py", 2, "f"],
          "last frame",
        );
      },
    },
    cellCase("survive a KeyboardInterrupt of the code's own", "raise KeyboardInterrupt", {
      status: ["error", "interrupted"],
    }),
    cellCase("survive a BaseException", "raise BaseException('base')", { status: "error" }),
    cellCase("survive a GeneratorExit", "raise GeneratorExit", { status: "error" }),
  ],
};
