import { CodeActError, type ExecuteOptions } from "@codeact/core";

/** @throws CodeActError with code `invalid-option`. */
export function checkExecuteOptions(code: unknown, options: ExecuteOptions): void {
  const { timeoutMs, maxOutputBytes } = options;
  if (typeof code !== "string") throw invalid("the code", "a string");
  if (timeoutMs !== undefined && !(typeof timeoutMs === "number" && timeoutMs > 0)) {
    throw invalid("timeoutMs", "a positive number of milliseconds");
  }
  if (maxOutputBytes !== undefined && !(Number.isInteger(maxOutputBytes) && maxOutputBytes >= 0)) {
    throw invalid("maxOutputBytes", "a whole number of bytes, 0 or more");
  }
}

function invalid(what: string, expected: string): CodeActError {
  return new CodeActError("invalid-option", `execute: ${what} must be ${expected}.`);
}
