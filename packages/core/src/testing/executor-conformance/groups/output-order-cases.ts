import { checkEqual, checkStatus } from "../assertions.js";
import { cellCase, lines, printed } from "../cells.js";
import type { ConformanceCase, ConformanceGroup } from "../conformance-case.js";
import { ToolHost, value } from "../tool-host.js";

/** A cell whose output must come in this order; only where processes can be started. */
function processCase(name: string, code: string, expected: string): ConformanceCase {
  return {
    name,
    async run(context) {
      const interpreter = await context.shared();
      if (!interpreter.capabilities.subprocess) return;
      const result = await interpreter.execute(code);
      checkStatus(result, "ok");
      checkEqual(printed(result), expected, "text output");
    },
  };
}

/** The true order of output of different origins, and of output and tool calls. */
export const outputOrderGroup: ConformanceGroup = {
  name: "output order",
  cases: [
    cellCase(
      "keeps stdout and stderr in order",
      "import sys\nfor i in range(50):\n    print(i, file=[sys.stdout, sys.stderr][i % 2])",
      { printed: Array.from({ length: 50 }, (_, index) => `${index}\n`).join("") },
    ),
    processCase(
      "keeps prints and os.write in order",
      "import os\nfor i in range(30):\n    print('p', i)\n    _ = os.write(1 + i % 2, b'w %d\\n' % i)",
      Array.from({ length: 30 }, (_, index) => `p ${index}\nw ${index}\n`).join(""),
    ),
    processCase(
      "keeps prints and child processes in order",
      lines(
        "import subprocess, sys",
        "for i in range(4):",
        "    print('parent', i)",
        "    subprocess.run([sys.executable, '-c', f'print(\"child\", {i})'])",
      ),
      Array.from({ length: 4 }, (_, index) => `parent ${index}\nchild ${index}\n`).join(""),
    ),
    {
      name: "keeps output and tool calls in order",
      async run(context) {
        const log: string[] = [];
        const host = new ToolHost({
          echo: ({ input }) => {
            log.push(`call ${JSON.stringify(input)};`);
            return value(input);
          },
        });
        const result = await context.run(
          "for i in range(20):\n    print(f'out {i}', end=';')\n    echo(i)\nprint('end', end=';')",
          {
            onToolCall: host.handle,
            onOutput: (output) => void log.push(output.type === "text" ? output.text : "?"),
          },
        );
        checkStatus(result, "ok");
        const expected = Array.from({ length: 20 }, (_, index) => `out ${index};call ${index};`);
        checkEqual(log.join(""), `${expected.join("")}end;`, "order");
      },
    },
    {
      name: "keeps the output of one cell out of the next",
      async run(context) {
        for (let index = 0; index < 10; index += 1) {
          const result = await context.run(
            `print('cell ${index}')\nimport sys\nprint('e', file=sys.stderr)`,
          );
          checkEqual(printed(result), `cell ${index}\ne\n`, "text output");
        }
      },
    },
    {
      name: "has the output of a thread",
      async run(context) {
        const interpreter = await context.shared();
        if (!interpreter.capabilities.threads) return;
        const result = await interpreter.execute(
          "import threading\nt = threading.Thread(target=lambda: print('thread'))\nt.start(); t.join()\nprint('main')",
        );
        checkEqual(printed(result), "thread\nmain\n", "text output");
      },
    },
  ],
};
