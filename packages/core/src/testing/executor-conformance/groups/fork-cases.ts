import type { Interpreter } from "../../../executor/executor.js";
import { check, checkEqual, checkRejects, checkStatus } from "../assertions.js";
import { checkUsable, evaluate, shown } from "../cells.js";
import type { ConformanceCase, ConformanceContext, ConformanceGroup } from "../conformance-case.js";
import { gate, ToolHost, value } from "../tool-host.js";

/** A case for interpreters that fork. Others have no method `fork`; one case checks that. */
function forkCase(
  name: string,
  body: (
    source: Interpreter,
    fork: NonNullable<Interpreter["fork"]>,
    context: ConformanceContext,
  ) => Promise<void>,
): ConformanceCase {
  return {
    name,
    async run(context) {
      const source = await context.fresh();
      if (!source.capabilities.fork) return;
      const branches: Interpreter[] = [];
      const fork: NonNullable<Interpreter["fork"]> = async (options) => {
        const branch = await source.fork?.(options);
        check(branch !== undefined, "fork() is missing");
        branches.push(branch);
        return branch;
      };
      try {
        await body(source, fork, context);
      } finally {
        for (const branch of branches) await branch.close();
      }
    },
  };
}

/** `fork()` where the capability is declared. */
export const forkGroup: ConformanceGroup = {
  name: "fork",
  cases: [
    {
      name: "exists where it is declared",
      async run(context) {
        const interpreter = await context.shared();
        const exists = typeof Reflect.get(interpreter, "fork") === "function";
        checkEqual(exists, interpreter.capabilities.fork, "whether fork() exists");
      },
    },
    forkCase("copies variables, imports and functions", async (source, fork) => {
      checkStatus(
        await source.execute(
          "import math\nfk = [1]\ndef fk_f():\n    return math.floor(2.5) + len(fk)",
        ),
        "ok",
      );
      const branch = await fork();
      checkEqual(await evaluate(branch, "fk_f()"), "3", "in the branch");
    }),
    forkCase("makes variables independent", async (source, fork) => {
      checkStatus(await source.execute("fk = [1]"), "ok");
      const branch = await fork();
      checkStatus(await branch.execute("fk.append(2)"), "ok");
      checkStatus(await source.execute("fk.append(3)"), "ok");
      checkEqual(
        [await evaluate(source, "fk"), await evaluate(branch, "fk")],
        ["[1, 3]", "[1, 2]"],
        "lists",
      );
    }),
    forkCase("copies the workspace", async (source, fork) => {
      await source.files.write("f.txt", "before");
      const branch = await fork();
      await source.files.write("f.txt", "source");
      checkEqual(await evaluate(branch, "open('f.txt').read()"), "'before'", "in the branch");
      await branch.files.write("only-branch.txt", "");
      checkEqual(
        (await source.files.list()).map((entry) => entry.path),
        ["f.txt"],
        "in the source",
      );
    }),
    forkCase("shares the workspace where asked to", async (source, fork) => {
      const branch = await fork({ workspace: "share" });
      await branch.files.write("shared.txt", "shared");
      checkEqual(await evaluate(source, "open('shared.txt').read()"), "'shared'", "in the source");
    }),
    forkCase("gives branches that outlive their source", async (source, fork) => {
      checkStatus(await source.execute("fk = 5"), "ok");
      const branch = await fork();
      await source.close();
      checkEqual(await evaluate(branch, "fk"), "5", "after the source was closed");
    }),
    forkCase("gives branches with tools", async (_, fork) => {
      const branch = await fork();
      const host = new ToolHost();
      const result = await branch.execute("echo('b')", { onToolCall: host.handle });
      checkEqual(shown(result), "'b'", "value");
    }),
    forkCase("gives branches that fork", async (source, fork) => {
      checkStatus(await source.execute("fk = 1"), "ok");
      const branch = await fork();
      checkStatus(await branch.execute("fk += 1"), "ok");
      const second = await branch.fork?.();
      check(second !== undefined, "the branch has no fork()");
      checkEqual(await evaluate(second, "fk"), "2", "in the second branch");
      await second.close();
    }),
    forkCase("draws other random numbers in each branch", async (source, fork) => {
      checkStatus(await source.execute("import random"), "ok");
      const first = await evaluate(await fork(), "random.random()");
      check(first !== (await evaluate(await fork(), "random.random()")), "equal random numbers");
    }),
    forkCase("is refused while busy", async (source, fork) => {
      const { promise, open } = gate();
      const host = new ToolHost({ "wait-for": () => promise.then(() => value("go")) });
      const running = source.execute("wait_for('go')\nNone", { onToolCall: host.handle });
      await host.called();
      await checkRejects(fork(), "fork", "fork() while busy");
      open();
      checkStatus(await running, "ok");
      await checkUsable(source);
    }),
  ],
};
