import { checkEqual, checkStatus, settles } from "../assertions.js";
import { checkStateTruth, checkUsable, evaluate, placeMarker } from "../cells.js";
import type { ConformanceGroup } from "../conformance-case.js";
import { ToolHost, unanswered, value } from "../tool-host.js";

/** A signal that counts its listeners. */
function countingSignal(): { signal: AbortSignal; listeners: () => number } {
  const { signal } = new AbortController();
  let count = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...values: Parameters<typeof add>) => {
    count += 1;
    add(...values);
  };
  signal.removeEventListener = (...values: Parameters<typeof remove>) => {
    count -= 1;
    remove(...values);
  };
  return { signal, listeners: () => count };
}

/** `interrupt()` and the signal of a cell. */
export const interruptGroup: ConformanceGroup = {
  name: "interrupts",
  cases: [
    {
      name: "do nothing to an idle interpreter",
      async run(context) {
        const interpreter = await context.shared();
        await settles(interpreter.interrupt(), "interrupt()");
        await settles(interpreter.interrupt(), "interrupt()");
        checkEqual(await evaluate(interpreter, "sum(range(1_000_000))"), "499999500000", "value");
      },
    },
    {
      name: "end the running cell",
      async run(context) {
        const interpreter = await context.fresh();
        await placeMarker(interpreter);
        const host = new ToolHost();
        const running = interpreter.execute("echo('begun')\nwhile True:\n    pass", {
          onToolCall: host.handle,
        });
        await host.called();
        let ended = false;
        const marked = running.then((result) => {
          ended = true;
          return result;
        });
        await settles(interpreter.interrupt(), "interrupt()");
        await Promise.race([marked, Promise.resolve()]);
        checkEqual(ended, true, "interrupt() resolves when the cell has ended");
        const result = await running;
        checkStatus(result, "interrupted");
        if (interpreter.capabilities.interrupt === "keeps-state") {
          checkEqual(result.state, "kept", "state");
        }
        await checkStateTruth(interpreter, result);
      },
    },
    {
      name: "end only the running cell",
      async run(context) {
        const interpreter = await context.fresh();
        const host = new ToolHost();
        const running = interpreter.execute("echo('begun')\nimport time\ntime.sleep(600)", {
          onToolCall: host.handle,
        });
        const next = interpreter.execute("'next'");
        await host.called();
        await settles(interpreter.interrupt(), "interrupt()");
        checkStatus(await running, "interrupted");
        checkStatus(await next, "ok");
      },
    },
    {
      name: "come many times without harm",
      async run(context) {
        const interpreter = await context.fresh();
        const host = new ToolHost();
        const running = interpreter.execute("echo('begun')\nimport time\ntime.sleep(600)", {
          onToolCall: host.handle,
        });
        await host.called();
        await settles(
          Promise.all(Array.from({ length: 5 }, () => interpreter.interrupt())),
          "interrupts",
        );
        checkStatus(await running, "interrupted");
        for (let index = 0; index < 5; index += 1) await checkUsable(interpreter);
      },
    },
    {
      name: "come by a signal that aborted before: nothing runs",
      async run(context) {
        const interpreter = await context.shared();
        checkStatus(await interpreter.execute("int_ran = False"), "ok");
        const result = await interpreter.execute("int_ran = True", { signal: AbortSignal.abort() });
        checkStatus(result, "interrupted");
        checkEqual(result.state, "kept", "state");
        checkEqual(await evaluate(interpreter, "int_ran"), "False", "whether it ran");
      },
    },
    {
      name: "come by a signal that aborts while the cell runs",
      async run(context) {
        const interpreter = await context.fresh();
        await placeMarker(interpreter);
        const host = new ToolHost();
        const controller = new AbortController();
        const running = interpreter.execute("echo('begun')\nimport time\ntime.sleep(600)", {
          onToolCall: host.handle,
          signal: controller.signal,
        });
        await host.called();
        controller.abort(new Error("enough"));
        const result = await settles(running, "the cell");
        checkStatus(result, "interrupted");
        await checkStateTruth(interpreter, result);
      },
    },
    {
      name: "come by a signal that aborts while a tool call is pending",
      async run(context) {
        const interpreter = await context.fresh();
        await placeMarker(interpreter);
        const host = new ToolHost({ "wait-for": unanswered });
        const controller = new AbortController();
        const running = interpreter.execute("wait_for('ever')", {
          onToolCall: host.handle,
          signal: controller.signal,
        });
        await host.called();
        checkEqual(host.requests[0]?.signal.aborted, false, "the call's signal before");
        controller.abort();
        const result = await settles(running, "the cell");
        checkStatus(result, "interrupted");
        checkEqual(host.requests[0]?.signal.aborted, true, "the call's signal");
        await checkStateTruth(interpreter, result);
      },
    },
    {
      name: "come by a signal that aborts while the cell queues: it never runs nor waits",
      async run(context) {
        const interpreter = await context.fresh();
        let open: () => void = () => {};
        const opened = new Promise<void>((resolve) => {
          open = resolve;
        });
        const host = new ToolHost({ "wait-for": () => opened.then(() => value("go")) });
        const running = interpreter.execute("wait_for('go')\nNone", { onToolCall: host.handle });
        const controller = new AbortController();
        const queued = interpreter.execute("int_queued = 1", { signal: controller.signal });
        const last = interpreter.execute("'int_queued' in globals()");
        await host.called();
        controller.abort();
        const result = await settles(queued, "the aborted cell in the queue");
        checkStatus(result, "interrupted");
        checkEqual(result.state, "kept", "state");
        open();
        checkStatus(await running, "ok");
        checkEqual(
          (await last).outputs[0],
          { type: "display", source: "result", data: { "text/plain": "False" } },
          "whether it ran",
        );
      },
    },
    {
      name: "do nothing when the signal aborts after the cell",
      async run(context) {
        const interpreter = await context.shared();
        const controller = new AbortController();
        checkStatus(await interpreter.execute("1", { signal: controller.signal }), "ok");
        controller.abort();
        await checkUsable(interpreter);
      },
    },
    {
      name: "leave no listener on the signal",
      async run(context) {
        const { signal, listeners } = countingSignal();
        await context.run("1", { signal });
        await context.run("1/0", { signal });
        checkEqual(listeners(), 0, "listeners");
      },
    },
    {
      name: "may be caught by code that then ends",
      async run(context) {
        const interpreter = await context.fresh();
        if (interpreter.capabilities.interrupt !== "keeps-state") return;
        await placeMarker(interpreter);
        const host = new ToolHost();
        const running = interpreter.execute(
          "import time\ntry:\n    echo('begun')\n    time.sleep(600)\nexcept KeyboardInterrupt:\n    int_caught = True",
          { onToolCall: host.handle },
        );
        await host.called();
        await settles(interpreter.interrupt(), "interrupt()");
        const result = await running;
        checkStatus(result, "interrupted", "ok");
        checkEqual(result.state, "kept", "state");
        checkEqual(await evaluate(interpreter, "int_caught"), "True", "whether it was caught");
      },
    },
  ],
};
