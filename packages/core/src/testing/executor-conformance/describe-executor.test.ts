import { describe, expect, it } from "vitest";
import type { ExecutionResult } from "../../executor/execution-result.js";
import type { Executor, Interpreter, StartOptions } from "../../executor/executor.js";
import type { FakeCell } from "../fake-executor/fake-cell.js";
import { FakeExecutor, type FakeExecutorOptions } from "../fake-executor/fake-executor.js";
import { FakePythonError } from "../fake-executor/fake-python-error.js";
import type { ExecutorFactory } from "./case-context.js";
import { describeExecutor } from "./describe-executor.js";

interface Captured {
  cases: Map<string, () => Promise<void>>;
  close(): Promise<void>;
}

/** Takes the suite's tests instead of running them. */
function capture(factory: ExecutorFactory): Captured {
  const path: string[] = [];
  const cases: Captured["cases"] = new Map();
  const closers: (() => Promise<void>)[] = [];
  describeExecutor("Captured", factory, {
    suite: {
      describe(name, body) {
        path.push(name);
        body();
        path.pop();
      },
      it: (name, body) => void cases.set([...path.slice(1), name].join(" > "), body),
      afterAll: (body) => void closers.push(body),
    },
  });
  return {
    cases,
    async close() {
      for (const closer of closers) await closer();
    },
  };
}

/** Runs one test; gives the message of its failure. */
async function runCase(factory: ExecutorFactory, name: string): Promise<string | undefined> {
  const suite = capture(factory);
  const body = suite.cases.get(name);
  if (!body) throw new Error(`The suite has no case "${name}".`);
  try {
    await body();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await suite.close();
  }
}

/** A value whose `repr` is this text; a fake cell shows a string in quotes. */
const python = (text: string) => Object.assign(() => text, { toString: () => text });

/** As much Python as the tests below need. */
function fakePython(code: string, cell: FakeCell): unknown {
  const { variables, print, sleep, call } = cell;
  if (code === "survival_marker = 'here'") return void variables.set("survival_marker", true);
  if (code === "'survival_marker' in globals()") {
    return python(variables.has("survival_marker") ? "True" : "False");
  }
  if (code === "6 * 7" || code === "1\n2\n40 + 2") return 42;
  if (code.startsWith("print('begun')\nwhile True")) {
    void print("begun");
    return sleep(Number.POSITIVE_INFINITY);
  }
  if (code === "search('cats')") return call("search", { query: "cats" });
  if (code === "search()") throw new FakePythonError("TypeError", "search() needs query");
  if (code === "x =") throw new FakePythonError("SyntaxError", "invalid syntax");
  if (code === "1/0") throw new FakePythonError("ZeroDivisionError", "division by zero");
  if (code.includes("os._exit(3)")) {
    void print("before");
    return sleep(0).then(() => cell.crash("exit status 3"));
  }
  return undefined;
}

const sound = (options?: FakeExecutorOptions) => () => new FakeExecutor(fakePython, options);

/** A sound executor whose interpreters have some members replaced. */
function broken(
  replace: (interpreter: Interpreter) => { [TMember in keyof Interpreter]?: unknown },
  options?: FakeExecutorOptions,
): ExecutorFactory {
  return () => {
    const inner = new FakeExecutor(fakePython, options);
    const executor: Executor = {
      name: "broken",
      close: () => inner.close(),
      async start(startOptions?: StartOptions) {
        const interpreter = await inner.start(startOptions);
        const members = replace(interpreter);
        return new Proxy(interpreter, {
          get(target, name) {
            if (name in members) return Reflect.get(members, name) as unknown;
            const member: unknown = Reflect.get(target, name, target);
            return typeof member === "function" ? (member.bind(target) as unknown) : member;
          },
        });
      },
    };
    return executor;
  };
}

/** Changes every result. */
const results = (change: (result: ExecutionResult, interpreter: Interpreter) => unknown) =>
  broken((interpreter) => ({
    execute: async (...values: Parameters<Interpreter["execute"]>) =>
      change(await interpreter.execute(...values), interpreter),
  }));

describe("describeExecutor", () => {
  it("defines at least 90 distinct tests in groups", () => {
    const { cases } = capture(sound());
    expect(cases.size).toBeGreaterThanOrEqual(90);
    expect([...cases.keys()].every((name) => name.includes(" > "))).toBe(true);
  });

  it.each<[string, [string, ExecutorFactory][]]>([
    [
      "results and display > shows the last expression",
      [
        ["shows another value", results((result) => ({ ...result, outputs: [] }))],
        ["says that the cell failed", results((result) => ({ ...result, status: "error" }))],
      ],
    ],
    [
      "namespace > numbers cells upwards, failed ones included",
      [["numbers every cell 1", results((result) => ({ ...result, cell: 1 }))]],
    ],
    [
      "timeouts > end a loop",
      [
        [
          "claims that a lost state was kept",
          results(async (result, interpreter) => {
            if (result.status === "timeout") await interpreter.reset();
            return result;
          }),
        ],
        [
          "claims that a kept state was lost",
          results((result) =>
            result.status === "timeout" ? { ...result, state: "lost", lostReason: "x" } : result,
          ),
        ],
        [
          "calls the timeout an error",
          results((result) =>
            result.status === "timeout" ? { ...result, status: "error" } : result,
          ),
        ],
      ],
    ],
    [
      "endings > reports os._exit",
      [
        ["gives no reason", results(({ lostReason: _, ...result }) => result)],
        ["loses the output", results((result) => ({ ...result, outputs: [] }))],
        [
          "calls the death an error",
          results((result) =>
            result.status === "crashed" ? { ...result, status: "error" } : result,
          ),
        ],
      ],
    ],
    [
      "tool arguments > leave out what was not given",
      [
        [
          "sends nulls instead",
          broken((interpreter) => ({
            execute: (code: string, options: Parameters<Interpreter["execute"]>[1] = {}) =>
              interpreter.execute(code, {
                ...options,
                onToolCall: async (request) =>
                  options.onToolCall?.({ ...request, input: { query: "cats", limit: null } }) ?? {
                    ok: true,
                    value: null,
                  },
              }),
          })),
        ],
      ],
    ],
    [
      "tool arguments > refuse a missing one",
      [
        [
          "raises another error",
          results((result) =>
            result.error ? { ...result, error: { ...result.error, type: "NameError" } } : result,
          ),
        ],
      ],
    ],
    [
      'files > refuse the path "../codeact-escape"',
      [
        [
          "lets one operation through",
          broken(({ files }) => ({
            files: {
              read: () => Promise.resolve(new Uint8Array()),
              write: (path: string, data: string) => files.write(path, data),
            },
          })),
        ],
        [
          "refuses with another error",
          broken(({ files }) => ({
            files: new Proxy(files, {
              get: () => () => Promise.reject(new Error("no")),
            }),
          })),
        ],
      ],
    ],
    [
      "files > are listed with sizes, sorted",
      [
        [
          "sorts otherwise",
          broken(({ files }) => ({
            files: {
              write: (path: string, data: string) => files.write(path, data),
              list: async (path?: string) => (await files.list(path)).reverse(),
            },
          })),
        ],
      ],
    ],
    [
      "lifecycle > closes, once and again",
      [
        ["does not close", broken(() => ({ close: () => Promise.resolve() }))],
        ["has no state", broken(() => ({ state: "idle" }))],
      ],
    ],
    [
      "interrupts > leave no listener on the signal",
      [
        [
          "leaves one",
          broken((interpreter) => ({
            execute: (code: string, options: Parameters<Interpreter["execute"]>[1] = {}) => {
              options.signal?.addEventListener("abort", () => {});
              return interpreter.execute(code, options);
            },
          })),
        ],
      ],
    ],
    [
      "fork > exists where it is declared",
      [
        ["declares what it has not", broken(() => ({ fork: undefined }))],
        [
          "has what it does not declare",
          broken(() => ({ fork: () => {} }), { capabilities: { fork: false } }),
        ],
      ],
    ],
  ])("%s: passes a sound executor and fails one that", async (name, breakages) => {
    expect(await runCase(sound(), name)).toBeUndefined();
    for (const [breakage, factory] of breakages) {
      expect(await runCase(factory, name), breakage).toBeTypeOf("string");
    }
  });

  it("closes every interpreter, also of cases that fail", async () => {
    const executors: FakeExecutor[] = [];
    const suite = capture(() => {
      const executor = new FakeExecutor(() => undefined, { interruptGraceMs: 1 });
      executors.push(executor);
      return executor;
    });
    const chosen = [...suite.cases].filter(([name]) =>
      /^(namespace|results|tracebacks|tool arguments)/.test(name),
    );
    const outcomes = await Promise.allSettled(chosen.map(([, body]) => body()));
    await suite.close();
    expect(outcomes.filter((outcome) => outcome.status === "rejected").length).toBeGreaterThan(40);
    expect(executors.length).toBeGreaterThan(0);
    for (const executor of executors) expect(executor.closed).toBe(executor.started);
  });

  it("fails an executor that does nothing, but for what nothing can break", async () => {
    const suite = capture(() => new FakeExecutor(() => undefined));
    const chosen = [...suite.cases].filter(([name]) =>
      /^(namespace|results|async|commands|tracebacks|tool arguments|tool values)/.test(name),
    );
    const passed: string[] = [];
    for (const [name, body] of chosen) {
      await body().then(
        () => passed.push(name),
        () => {},
      );
    }
    await suite.close();
    expect(passed.filter((name) => !name.includes("(needs "))).toEqual([]);
  });
});
