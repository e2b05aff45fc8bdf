import type { ExecutionResult, Executor, Interpreter } from "@codeact/core";
import { harnessName } from "./message.js";

/**
 * An executor in which a failed JSON or text action is an error, and still reads as in the original:
 * a message, without a traceback of ours.
 */
export function withPlainFailures(executor: Executor): Executor {
  return {
    name: executor.name,
    start: async (options) => plainInterpreter(await executor.start(options)),
    close: () => executor.close(),
  };
}

function plainInterpreter(interpreter: Interpreter): Interpreter {
  return {
    get state() {
      return interpreter.state;
    },
    capabilities: interpreter.capabilities,
    files: interpreter.files,
    execute: async (code, options) => plainResult(await interpreter.execute(code, options)),
    interrupt: () => interpreter.interrupt(),
    reset: () => interpreter.reset(),
    close: () => interpreter.close(),
  };
}

function plainResult(result: ExecutionResult): ExecutionResult {
  const { error } = result;
  if (error?.type !== `${harnessName}.ActionFailure`) return result;
  return { ...result, error: { ...error, traceback: error.message } };
}
