import { PythonExecutor } from "@codeact/executors/python";
import { afterAll, expect, it } from "vitest";
import { PythonHarness } from "./python-harness.js";

const executor = new PythonExecutor();
afterAll(() => executor.close());

const source = `import helper, time
def echo(*values): return [helper.count(values), *values]
def is_even(value): return value % 2 == 0
def wait(): time.sleep(600); return True
def chatter(): return "x" * 3_000_000`;

it("is called with JSON values, beside the variables of the interpreter", async () => {
  const interpreter = await executor.start();
  const harness = await PythonHarness.load(interpreter, {
    name: "echoes",
    source,
    helpers: { helper: "count = len" },
    about: "The test",
  });
  const values = ["'\"\\\n\u2028 ü 🐍", { a: [1.5, null] }, true];
  expect(await harness.call("echo", ...values)).toEqual([3, ...values]);
  const { outputs } = await interpreter.execute(
    "print([name for name in globals() if name in ('echoes', 'helper', 'json', 'sys', 'types')])",
  );
  expect(outputs).toMatchObject([{ text: "[]\n" }]);

  expect(await harness.confirms(10_000, "is_even", 2)).toBe(true);
  expect(await harness.confirms(10_000, "is_even", 3)).toBe(false);
  expect(await harness.confirms(10_000, "is_even", "two")).toBe(false);
  expect(await harness.confirms(200, "wait")).toBe(false);

  await expect(harness.call("is_even", "two")).rejects.toMatchObject({
    code: "executor-fault",
    message: expect.stringMatching(/^The test cannot be used: .*TypeError/s) as string,
  });
  // Half of a JSON text may be JSON too.
  await expect(harness.call("chatter")).rejects.toThrow(/says too much/);
});
