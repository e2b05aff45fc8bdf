import { CodeActError } from "@codeact/core";
import { PythonExecutor } from "../src/python/index.js";

/**
 * Why this machine cannot confine a Python; `undefined` where it can. Said aloud, for what is not
 * tested should be seen.
 */
export async function whyNoSandbox(): Promise<string | undefined> {
  const executor = new PythonExecutor({ sandbox: "strict" });
  try {
    await executor.start();
    return undefined;
  } catch (error) {
    if (!(CodeActError.isInstance(error) && error.code === "sandbox")) throw error;
    console.warn(`\n*** The strict sandbox is NOT TESTED on this machine. ${error.message} ***\n`);
    return error.message;
  } finally {
    await executor.close();
  }
}
