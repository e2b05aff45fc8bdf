import type { Executor } from "@codeact/core";

/** As long as the suites of programs give a solution. */
const timeoutMs = 10_000;

/**
 * Whether a program with its tests runs to its end, in an interpreter of its own: without errors,
 * within 10 seconds, and without leaving before its tests.
 */
export async function runProgram(
  executor: Executor,
  program: string,
  signal: AbortSignal,
): Promise<boolean> {
  const interpreter = await executor.start({ signal });
  try {
    const end = "the tests have passed";
    const code = `exec(${JSON.stringify(program)}, {})\nprint("\\n${end}")`;
    const { status, outputs } = await interpreter.execute(code, { timeoutMs, signal });
    const last = outputs.at(-1);
    return status === "ok" && last?.type === "text" && last.text.endsWith(`\n${end}\n`);
  } finally {
    await interpreter.close();
  }
}
