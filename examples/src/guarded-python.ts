import { PythonExecutor } from "@codeact/executors/python";

/**
 * Python for code that a real model writes. Where an import fails such a model installs the package,
 * and would change the Python of the machine; here pip refuses.
 */
export function guardedPython(): PythonExecutor {
  return new PythonExecutor({ env: { PIP_NO_INDEX: "1", PIP_REQUIRE_VIRTUALENV: "1" } });
}
