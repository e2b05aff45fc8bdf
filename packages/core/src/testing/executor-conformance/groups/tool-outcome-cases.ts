import type { ToolCallError, ToolCallOutcome } from "../../../executor/tool-call.js";
import { check, checkEqual, checkIncludes, checkStatus, settles } from "../assertions.js";
import { cellCase, checkUsable, evaluate, lines, printed, shown } from "../cells.js";
import type { ConformanceCase, ConformanceGroup } from "../conformance-case.js";
import { ToolHost, unanswered } from "../tool-host.js";

function failing(type: ToolCallError["type"], message = "told so"): ToolHost {
  return new ToolHost({ echo: (): ToolCallOutcome => ({ ok: false, error: { type, message } }) });
}

function endCase(name: string, code: string, output: string): ConformanceCase {
  return {
    name,
    async run(context) {
      const interpreter = await context.shared();
      const host = new ToolHost();
      const result = await interpreter.execute(code, { onToolCall: host.handle });
      checkStatus(result, "ok");
      checkEqual(
        [result.state, printed(result), result.error],
        ["kept", output, undefined],
        "ending",
      );
      checkEqual(host.requests.length, 1, "calls");
      await checkUsable(interpreter);
    },
  };
}

/** What a tool gives back, and how a call ends a cell or with it. */
export const toolOutcomeGroup: ConformanceGroup = {
  name: "tool outcomes",
  cases: [
    ...(["ToolError", "TypeError", "ValueError"] as const).map(
      (type): ConformanceCase => ({
        name: `raise ${type}`,
        async run(context) {
          const uncaught = await context.run("echo(1)", { onToolCall: failing(type).handle });
          checkStatus(uncaught, "error");
          check(
            new RegExp(`(^|\\.)${type}$`).test(uncaught.error?.type ?? ""),
            `type is ${uncaught.error?.type}`,
          );
          checkEqual(uncaught.error?.message, "told so", "message");
          checkEqual(uncaught.error?.frames.length, 1, "own frames");
          const caught = await context.run(
            `try:\n    echo(1)\nexcept ${type} as e:\n    print('caught', e)`,
            { onToolCall: failing(type).handle },
          );
          checkStatus(caught, "ok");
          checkEqual(printed(caught), "caught told so\n", "text output");
        },
      }),
    ),
    {
      name: "let Exception catch a ToolError",
      async run(context) {
        const result = await context.run(
          "try:\n    echo(1)\nexcept Exception as e:\n    print(type(e).__name__)",
          {
            onToolCall: failing("ToolError").handle,
          },
        );
        checkEqual(printed(result), "ToolError\n", "text output");
      },
    },
    {
      name: "carry any message",
      async run(context) {
        const message = "é 🙂\n\x00 ' \" {'$blob': 0}\n".repeat(2_000);
        const result = await context.run(
          "try:\n    echo(1)\nexcept ToolError as e:\n    tool_message = str(e)\nlen(tool_message)",
          {
            onToolCall: failing("ToolError", message).handle,
          },
        );
        checkStatus(result, "ok");
        checkEqual(shown(result), String([...message].length), "length of the message");
      },
    },
    cellCase("refuse calls when nobody answers", "echo(1)", { status: "error" }),
    {
      name: "settle the cell when the host's handler throws",
      async run(context) {
        const interpreter = await context.fresh();
        const running = interpreter.execute("echo(1)", {
          onToolCall: () => Promise.reject(new Error("the host's own mistake")),
        });
        await settles(Promise.allSettled([running]), "the cell");
        await checkUsable(interpreter);
      },
    },
    endCase("end the cell", "print('a')\nfinish(1)\nprint('b')", "a\n"),
    endCase("end the cell from a function", "def f():\n    finish(1)\nf()\nprint('b')", ""),
    endCase(
      "end the cell through except Exception",
      "try:\n    finish(1)\nexcept Exception:\n    print('caught')",
      "",
    ),
    endCase(
      "let finally blocks run",
      "try:\n    finish(1)\nfinally:\n    print('finally')",
      "finally\n",
    ),
    endCase(
      "end the cell from an async function",
      "async def f():\n    finish(1)\nawait f()\nprint('b')",
      "",
    ),
    endCase(
      "end the cell from asyncio.run",
      "import asyncio\nasync def f():\n    finish(1)\nasyncio.run(f())\nprint('b')",
      "",
    ),
    {
      name: "stay an ended cell although the code swallows it",
      async run(context) {
        const interpreter = await context.shared();
        const host = new ToolHost();
        const result = await interpreter.execute(
          "try:\n    finish(1)\nexcept BaseException:\n    pass",
          { onToolCall: host.handle },
        );
        checkStatus(result, "ok");
        checkEqual(result.state, "kept", "state");
        // The next cell is not touched by it.
        checkEqual(
          await evaluate(interpreter, "echo('again')", { onToolCall: host.handle }),
          "'again'",
          "value",
        );
      },
    },
    {
      name: "abort calls that are pending when the cell ends",
      async run(context) {
        const interpreter = await context.fresh();
        if (!interpreter.capabilities.threads) return;
        const host = new ToolHost({ "wait-for": unanswered });
        const result = await settles(
          interpreter.execute(
            lines(
              "import threading, time",
              "def work():",
              "    try:",
              "        wait_for('ever')",
              "    except BaseException as e:",
              "        print('never mind')",
              "threading.Thread(target=work, daemon=True).start()",
              "time.sleep(0.5)",
            ),
            { onToolCall: host.handle },
          ),
          "the cell",
        );
        checkStatus(result, "ok");
        await host.called();
        checkEqual(host.requests[0]?.signal.aborted, true, "the call's signal");
        await checkUsable(interpreter);
      },
    },
    {
      name: "refuse calls after the cell",
      async run(context) {
        const interpreter = await context.fresh();
        if (!interpreter.capabilities.threads) return;
        const host = new ToolHost();
        const started = await interpreter.execute(
          lines(
            "import os, threading, time",
            "def work():",
            "    while not os.path.exists('go'):",
            "        time.sleep(0.01)",
            "    try:",
            "        echo('late')",
            "        outcome = 'answered'",
            "    except BaseException as e:",
            "        outcome = 'refused'",
            "    with open('outcome.part', 'w') as f:",
            "        f.write(outcome)",
            "    os.rename('outcome.part', 'outcome')",
            "threading.Thread(target=work, daemon=True).start()",
          ),
          { onToolCall: host.handle },
        );
        checkStatus(started, "ok");
        await interpreter.files.write("go", "");
        const outcome = await settles(readWhenThere(interpreter.files, "outcome"), "the late call");
        checkEqual([outcome, host.requests.length], ["refused", 0], "the late call");
      },
    },
    {
      name: "get their names back after a cell that took them",
      async run(context) {
        const interpreter = await context.shared();
        const host = new ToolHost();
        const taken = await interpreter.execute(
          lines(
            "echo = 'mine'",
            "del finish",
            "def wait_for(event):",
            "    return 'made up'",
            "echo",
          ),
          { onToolCall: host.handle },
        );
        checkStatus(taken, "ok");
        checkEqual(shown(taken), "'mine'", "the value under the tool's name");
        for (const name of ["echo", "finish", "wait_for"]) {
          checkIncludes(printed(taken), `changed what ${name} means`, "text output");
        }
        const next = await interpreter.execute("wait_for(1)\necho(2)\nfinish(3)", {
          onToolCall: host.handle,
        });
        checkEqual([next.status, printed(next)], ["ok", ""], "the next cell");
        checkEqual(host.requests.length, 3, "calls");
      },
    },
    {
      name: "do not abort the signal of a call that was answered",
      async run(context) {
        const host = new ToolHost();
        await context.run("echo(1)", { onToolCall: host.handle });
        checkEqual(host.requests[0]?.signal.aborted, false, "the call's signal");
      },
    },
  ],
};

async function readWhenThere(
  files: { read(path: string): Promise<Uint8Array> },
  path: string,
): Promise<string> {
  for (let attempt = 0; attempt < 1_000; attempt += 1) {
    try {
      return new TextDecoder().decode(await files.read(path));
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  return "nothing";
}
