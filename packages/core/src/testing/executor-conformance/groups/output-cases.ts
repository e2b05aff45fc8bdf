import type { Output } from "../../../executor/output.js";
import { check, checkEqual, checkStatus, settles } from "../assertions.js";
import { cellCase, checkUsable, printed } from "../cells.js";
import type { ConformanceGroup } from "../conformance-case.js";
import { gate, ToolHost } from "../tool-host.js";

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

/** Text that cells write. */
export const outputGroup: ConformanceGroup = {
  name: "output",
  cases: [
    cellCase("shows prints", "print('a', 1)\nprint('b')", { printed: "a 1\nb\n" }),
    cellCase("shows text without a line end", "print('no end', end='')", { printed: "no end" }),
    cellCase("keeps any character", "print('é 🙂 \\x00 \\x1b[31m \\r\\n.')", {
      printed: "é 🙂 \0 \x1b[31m \r\n.\n",
    }),
    cellCase("takes bytes", "import sys\n_ = sys.stdout.buffer.write(b'raw\\n')", {
      includes: "raw\n",
    }),
    cellCase("survives a lone surrogate", "print('before')\nprint('\\ud800')", {
      status: ["ok", "error"],
      includes: "before",
    }),
    cellCase(
      "lets code redirect its output",
      "import contextlib, io\nb = io.StringIO()\nwith contextlib.redirect_stdout(b):\n    print('in')\nb.getvalue()",
      { printed: "", shown: "'in\\n'" },
    ),
    cellCase(
      "shows warnings and logs",
      "import logging, warnings\nwarnings.warn('careful')\nlogging.warning('logged')",
      {
        includes: ["careful", "logged"],
      },
    ),
    cellCase("keeps what was printed before an error", "print('before')\n1/0", {
      status: "error",
      printed: "before\n",
    }),
    {
      name: "labels what Python writes to stderr",
      async run(context) {
        const result = await context.run(
          "import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('out')",
        );
        checkEqual(
          result.outputs,
          [
            { type: "text", stream: "stdout", text: "out\n" },
            { type: "text", stream: "stderr", text: "err\n" },
            { type: "text", stream: "stdout", text: "out\n" },
          ],
          "outputs",
        );
      },
    },
    {
      name: "survives bytes that are no text",
      async run(context) {
        const interpreter = await context.shared();
        const result = await interpreter.execute(
          "import os\nos.write(1, b'a\\xff\\xfeb\\n')\nNone",
        );
        checkStatus(result, "ok", "error");
        if (interpreter.capabilities.subprocess) {
          check(/^a.+b\n$/s.test(printed(result)), `output is ${JSON.stringify(printed(result))}`);
        }
        await checkUsable(interpreter);
      },
    },
    {
      name: "gives onOutput what the result has",
      async run(context) {
        const seen: Output[] = [];
        const result = await context.run(
          "for i in range(200):\n    print('ü' * i)\ndisplay(1)\nprint('end')\n5",
          { onOutput: (output) => void seen.push(output) },
        );
        checkStatus(result, "ok");
        const join = (outputs: readonly Output[]) =>
          outputs.map((output) => (output.type === "text" ? output.text : "<display>")).join("");
        checkEqual(join(seen), join(result.outputs), "delivered output");
      },
    },
    {
      name: "delivers output while the cell runs",
      async run(context) {
        let seen = "";
        const opened = gate();
        const host = new ToolHost({
          "wait-for": async ({ input }) => {
            await opened.promise;
            return { ok: true, value: input };
          },
        });
        const delivered = gate();
        const running = context.run(
          "print('early')\nimport time\ntime.sleep(0.05)\nwait_for('go')\nNone",
          {
            onToolCall: host.handle,
            onOutput: (output) => {
              if (output.type === "text") seen += output.text;
              if (seen.includes("early")) delivered.open();
            },
          },
        );
        await settles(delivered.promise, "output of a running cell");
        opened.open();
        checkStatus(await running, "ok");
      },
    },
    {
      name: "keeps 1 MB of output unless told otherwise",
      async run(context) {
        const result = await context.run("print('x' * 3_000_000)");
        checkStatus(result, "ok");
        checkEqual(bytesOf(printed(result)) <= 1_000_000, true, "at most 1,000,000 bytes kept");
        check(bytesOf(printed(result)) >= 900_000, "less was kept than the limit allows");
        checkEqual(bytesOf(printed(result)) + result.droppedBytes, 3_000_001, "kept and dropped");
      },
    },
    {
      name: "counts and drops output beyond maxOutputBytes",
      async run(context) {
        let delivered = 0;
        const result = await context.run("for _ in range(20_000):\n    print('y' * 999)", {
          maxOutputBytes: 10_000,
          onOutput: (output) => {
            if (output.type === "text") delivered += bytesOf(output.text);
          },
        });
        checkStatus(result, "ok");
        const kept = bytesOf(printed(result));
        check(kept <= 10_000, `${kept} bytes kept`);
        checkEqual(delivered, kept, "bytes delivered");
        checkEqual(kept + result.droppedBytes, 20_000_000, "kept and dropped");
        await checkUsable(await context.shared());
      },
    },
    {
      name: "drops nothing below the limit",
      async run(context) {
        const result = await context.run("print('z' * 50_000)", { maxOutputBytes: 50_001 });
        checkEqual([printed(result).length, result.droppedBytes], [50_001, 0], "kept and dropped");
      },
    },
    {
      name: "slows the cell down for onOutput where backPressure holds",
      async run(context) {
        const interpreter = await context.shared();
        if (!interpreter.capabilities.backPressure) return;
        const opened = gate();
        const host = new ToolHost();
        let deliveries = 0;
        const running = interpreter.execute(
          "for _ in range(400):\n    print('w' * 65_535)\necho('end')\nNone",
          {
            maxOutputBytes: 100_000_000,
            onToolCall: host.handle,
            onOutput: () => {
              deliveries += 1;
              return opened.promise;
            },
          },
        );
        await new Promise((resolve) => setTimeout(resolve, 400));
        checkEqual([deliveries, host.requests.length], [1, 0], "deliveries and calls while held");
        opened.open();
        const result = await running;
        checkStatus(result, "ok");
        checkEqual(printed(result).length, 400 * 65_536, "length of the output");
        checkEqual(host.requests.length, 1, "calls after the release");
      },
    },
    {
      name: "survives an onOutput that throws",
      async run(context) {
        const interpreter = await context.fresh();
        const running = interpreter.execute("print('x')\nprint('y')", {
          onOutput: () => Promise.reject(new Error("the host's own mistake")),
        });
        await settles(Promise.allSettled([running]), "the cell");
        await checkUsable(interpreter);
      },
    },
  ],
};
