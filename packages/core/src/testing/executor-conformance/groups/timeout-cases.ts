import { check, checkEqual, checkStatus, settles } from "../assertions.js";
import { checkStateTruth, checkUsable, lines, placeMarker, printed } from "../cells.js";
import type { ConformanceCase, ConformanceGroup } from "../conformance-case.js";
import { ToolHost, unanswered, value } from "../tool-host.js";

/** Code that runs too long. `obeys` says that an interrupt reaches it. */
function timeoutCase(
  name: string,
  code: string,
  { obeys, needsProcesses = false }: { obeys: boolean; needsProcesses?: boolean },
): ConformanceCase {
  return {
    name,
    async run(context) {
      const interpreter = await context.fresh();
      const { capabilities } = interpreter;
      if (needsProcesses && !capabilities.subprocess) return;
      await placeMarker(interpreter);
      const result = await settles(
        interpreter.execute(`print('begun')\n${code}`, { timeoutMs: 400, maxOutputBytes: 100_000 }),
        "the cell",
      );
      checkStatus(result, "timeout");
      check(printed(result).startsWith("begun\n"), "output before the timeout is missing");
      check(result.durationMs >= 350, `it lasted ${result.durationMs} ms`);
      const keeps = obeys && capabilities.interrupt === "keeps-state";
      if (keeps) checkEqual(result.state, "kept", "state");
      await checkStateTruth(interpreter, result);
    },
  };
}

const pause = (durationMs: number) => new Promise((resolve) => setTimeout(resolve, durationMs));

/** Cells that run too long, and the clock that tells. */
export const timeoutGroup: ConformanceGroup = {
  name: "timeouts",
  cases: [
    timeoutCase("end a loop", "while True:\n    pass", { obeys: true }),
    timeoutCase("end time.sleep", "import time\ntime.sleep(600)", { obeys: true }),
    timeoutCase("end an await", "import asyncio\nawait asyncio.sleep(600)", { obeys: true }),
    timeoutCase("end asyncio.run", "import asyncio\nasyncio.run(asyncio.sleep(600))", {
      obeys: true,
    }),
    timeoutCase("end endless output", "while True:\n    print('x' * 1000)", { obeys: true }),
    timeoutCase("end a child process", "import subprocess\nsubprocess.run(['sleep', '600'])", {
      obeys: true,
      needsProcesses: true,
    }),
    timeoutCase("end a command", "!sleep 600", { obeys: true, needsProcesses: true }),
    timeoutCase("end a call that never returns from C", "sum(range(10**14))", { obeys: false }),
    timeoutCase(
      "end code that swallows the interrupt",
      lines(
        "import time",
        "while True:",
        "    try:",
        "        time.sleep(600)",
        "    except BaseException:",
        "        pass",
      ),
      { obeys: false },
    ),
    timeoutCase(
      "end code that ignores the signal",
      lines(
        "import signal",
        "try:",
        "    signal.signal(signal.SIGINT, signal.SIG_IGN)",
        "except Exception:",
        "    pass",
        "while True:",
        "    pass",
      ),
      { obeys: false },
    ),
    {
      name: "let finally blocks run where the state is kept",
      async run(context) {
        const interpreter = await context.fresh();
        if (interpreter.capabilities.interrupt !== "keeps-state") return;
        const result = await interpreter.execute(
          "import time\ntry:\n    time.sleep(600)\nfinally:\n    print('cleaned up')",
          { timeoutMs: 400 },
        );
        checkStatus(result, "timeout");
        checkEqual(printed(result), "cleaned up\n", "text output");
      },
    },
    {
      name: "end a tool call and abort its signal",
      async run(context) {
        const interpreter = await context.fresh();
        await placeMarker(interpreter);
        const host = new ToolHost({ "wait-for": unanswered });
        const result = await settles(
          interpreter.execute("wait_for('ever')", { timeoutMs: 400, onToolCall: host.handle }),
          "the cell",
        );
        checkStatus(result, "timeout");
        checkEqual(host.requests[0]?.signal.aborted, true, "the call's signal");
        if (interpreter.capabilities.interrupt === "keeps-state") {
          checkEqual(result.state, "kept", "state");
        }
        await checkStateTruth(interpreter, result);
      },
    },
    {
      name: "do not count time in which the clock is paused",
      async run(context) {
        const host = new ToolHost({
          "wait-for": async (request) => {
            const first = request.pauseClock();
            const second = request.pauseClock();
            await pause(700);
            first();
            first();
            await pause(700);
            second();
            return value("done");
          },
        });
        const result = await context.run("wait_for('approval')", {
          timeoutMs: 1_000,
          onToolCall: host.handle,
        });
        checkStatus(result, "ok");
      },
    },
    {
      name: "count again after a pause",
      async run(context) {
        const interpreter = await context.fresh();
        const host = new ToolHost({
          "wait-for": async (request) => {
            const resume = request.pauseClock();
            await pause(100);
            resume();
            return value("done");
          },
        });
        const running = interpreter.execute("wait_for('approval')\nwhile True:\n    pass", {
          timeoutMs: 400,
          onToolCall: host.handle,
        });
        checkStatus(await settles(running, "the cell"), "timeout");
      },
    },
    {
      name: "leave cells alone that are fast enough, and those after them",
      async run(context) {
        checkStatus(await context.run("1", { timeoutMs: 30_000 }), "ok");
        checkStatus(await context.run("import time\ntime.sleep(0.2)", {}), "ok");
        await checkUsable(await context.shared());
      },
    },
    {
      name: "start to count when the cell begins, not when it queues",
      async run(context) {
        const interpreter = await context.shared();
        const first = interpreter.execute("import time\ntime.sleep(1.2)");
        const second = interpreter.execute("'fast'", { timeoutMs: 1_000 });
        checkStatus(await first, "ok");
        checkStatus(await second, "ok");
      },
    },
  ],
};
