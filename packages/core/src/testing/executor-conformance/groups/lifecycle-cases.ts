import type { Interpreter } from "../../../executor/executor.js";
import { check, checkEqual, checkRejects, checkStatus, settles } from "../assertions.js";
import { checkUsable, evaluate, lines, shown } from "../cells.js";
import type { ConformanceCase, ConformanceGroup } from "../conformance-case.js";
import { suiteTools } from "../suite-tools.js";
import { ToolHost, unanswered, value } from "../tool-host.js";

async function checkClosed(interpreter: Interpreter): Promise<void> {
  checkEqual(interpreter.state, "closed", "state");
  await checkRejects(interpreter.execute("1"), "executor-closed", "execute()");
  await checkRejects(interpreter.reset(), "executor-closed", "reset()");
  await settles(interpreter.close(), "close()");
}

/** Closing while this code runs. */
function closeCase(name: string, code: string): ConformanceCase {
  return {
    name,
    async run(context) {
      const interpreter = await context.fresh();
      const host = new ToolHost({ "wait-for": unanswered });
      const running = interpreter.execute(`echo('begun')\n${code}`, { onToolCall: host.handle });
      const queued = interpreter.execute("'queued'");
      const outcomes = Promise.allSettled([running, queued]);
      await host.called();
      await settles(Promise.all([interpreter.close(), interpreter.close()]), "close()");
      const [first, second] = await settles(outcomes, "cells of a closed interpreter");
      // A cell under way may still tell how it ended, but never that it ended well.
      if (first.status === "fulfilled") checkStatus(first.value, "interrupted", "crashed");
      else
        await checkRejects(
          Promise.reject(first.reason as Error),
          "executor-closed",
          "running cell",
        );
      check(second.status === "rejected", "a queued cell ran after close()");
      await checkRejects(Promise.reject(second.reason as Error), "executor-closed", "queued cell");
      await checkClosed(interpreter);
    },
  };
}

/** Queueing, reset, closing, and several interpreters. */
export const lifecycleGroup: ConformanceGroup = {
  name: "lifecycle",
  cases: [
    {
      name: "queues cells in order",
      async run(context) {
        const interpreter = await context.shared();
        checkStatus(await interpreter.execute("life_log = []"), "ok");
        const results = await Promise.all([
          interpreter.execute("import time\ntime.sleep(0.1)\nlife_log.append(1)"),
          interpreter.execute("life_log.append(2)\n1/0"),
          interpreter.execute("life_log.append(3)"),
          interpreter.execute("life_log"),
        ]);
        checkEqual(
          results.map((result) => result.status),
          ["ok", "error", "ok", "ok"],
          "statuses",
        );
        const [first] = results;
        checkEqual(
          results.map((result) => result.cell - first.cell),
          [0, 1, 2, 3],
          "cell numbers",
        );
        checkEqual(results[3].outputs.length > 0 && shown(results[3]), "[1, 2, 3]", "order");
      },
    },
    {
      name: "tells its state",
      async run(context) {
        const interpreter = await context.fresh();
        checkEqual(interpreter.state, "idle", "before");
        const host = new ToolHost({ "wait-for": ({ input }) => value([interpreter.state, input]) });
        const running = interpreter.execute("wait_for('x')[0]", { onToolCall: host.handle });
        checkEqual(interpreter.state, "busy", "at once after execute()");
        checkEqual(shown(await running), "'busy'", "within");
        checkEqual(interpreter.state, "idle", "after");
        await interpreter.close();
        checkEqual(interpreter.state, "closed", "after close()");
      },
    },
    {
      name: "tells its capabilities",
      async run(context) {
        const { capabilities } = await context.shared();
        const flags = [
          "fork",
          "threads",
          "subprocess",
          "concurrentToolCalls",
          "backPressure",
          "filesWhileBusy",
        ] as const;
        for (const flag of flags) checkEqual(typeof capabilities[flag], "boolean", flag);
        check(["keeps-state", "terminates"].includes(capabilities.interrupt), "interrupt");
        check(Array.isArray(capabilities.isolation), "isolation");
      },
    },
    {
      name: "gives results that JSON can carry",
      async run(context) {
        for (const code of ["print('a')\n5", "1/0"]) {
          const result = await context.run(code);
          checkEqual(JSON.parse(JSON.stringify(result)), result, "result");
          check(result.durationMs >= 0 && Number.isFinite(result.durationMs), "durationMs");
          checkEqual(result.droppedBytes, 0, "droppedBytes");
        }
      },
    },
    {
      name: "refuses threads or has them, as declared",
      async run(context) {
        const interpreter = await context.shared();
        const result = await interpreter.execute(
          "import threading\nt = threading.Thread(target=int)\nt.start(); t.join()",
        );
        checkStatus(result, interpreter.capabilities.threads ? "ok" : "error");
      },
    },
    {
      name: "resets to an empty namespace with tools and files",
      async run(context) {
        const interpreter = await context.fresh();
        await interpreter.files.write("kept.txt", "kept");
        const first = await interpreter.execute("life_x = 1\nimport math");
        checkStatus(first, "ok");
        await interpreter.reset();
        checkEqual(
          await evaluate(interpreter, "['life_x' in globals(), 'math' in globals()]"),
          "[False, False]",
          "names",
        );
        checkEqual(await evaluate(interpreter, "open('kept.txt').read()"), "'kept'", "file");
        const host = new ToolHost();
        const result = await interpreter.execute("echo(7)", { onToolCall: host.handle });
        checkEqual(shown(result), "7", "tool");
        check(result.cell > first.cell, "a cell number was used again");
      },
    },
    {
      name: "resets in turn",
      async run(context) {
        const interpreter = await context.fresh();
        const before = interpreter.execute(
          "import time\ntime.sleep(0.1)\nlife_y = 1\n'life_y' in globals()",
        );
        const reset = interpreter.reset();
        const after = interpreter.execute("'life_y' in globals()");
        await settles(reset, "reset()");
        checkEqual(
          [shown(await before), shown(await after)],
          ["True", "False"],
          "before and after",
        );
      },
    },
    {
      name: "closes, once and again",
      async run(context) {
        const interpreter = await context.fresh();
        await settles(Promise.all([interpreter.close(), interpreter.close()]), "close()");
        await checkClosed(interpreter);
      },
    },
    closeCase("closes while a cell sleeps", "import time\ntime.sleep(600)"),
    closeCase("closes while a cell loops", "while True:\n    pass"),
    closeCase("closes while a cell waits for a tool", "wait_for('ever')"),
    closeCase(
      "closes while a cell refuses to end",
      lines(
        "while True:",
        "    try:",
        "        while True: pass",
        "    except BaseException: pass",
      ),
    ),
    closeCase("closes while a cell prints", "while True:\n    print('x' * 1000)"),
    {
      name: "closes an executor with its interpreters",
      async run(context) {
        const executor = await context.newExecutor();
        check(executor.name.length > 0, "the executor has no name");
        const [first, second] = await Promise.all([
          executor.start(),
          executor.start({ tools: suiteTools }),
        ]);
        checkEqual(
          await Promise.all([evaluate(first, "1"), evaluate(second, "2")]),
          ["1", "2"],
          "values",
        );
        await settles(Promise.all([executor.close(), executor.close()]), "close()");
        await checkClosed(first);
        await checkClosed(second);
        await checkRejects(executor.start(), "executor-closed", "start()");
      },
    },
    {
      name: "gives up starting when its signal aborts",
      async run(context) {
        const executor = await context.newExecutor();
        const reason = new Error("enough");
        let thrown: unknown;
        try {
          await executor.start({ signal: AbortSignal.abort(reason) });
        } catch (error) {
          thrown = error;
        }
        check(thrown === reason, `start() threw ${String(thrown)}`);
        const controller = new AbortController();
        const starting = executor.start({ signal: controller.signal });
        controller.abort(reason);
        const [outcome] = await settles(Promise.allSettled([starting]), "start()");
        if (outcome.status === "rejected") check(outcome.reason === reason, "another reason");
      },
    },
    {
      name: "runs interpreters side by side",
      async run(context) {
        const [first, second] = await Promise.all([context.fresh(), context.fresh()]);
        const host = new ToolHost({
          "wait-for": () => evaluate(second, "'other'").then((text) => value(text ?? "")),
        });
        const result = await settles(
          first.execute("wait_for('other interpreter')", { onToolCall: host.handle }),
          "two interpreters",
        );
        checkEqual(shown(result), `"'other'"`, "value");
        await first.close();
        await checkUsable(second);
      },
    },
  ],
};
