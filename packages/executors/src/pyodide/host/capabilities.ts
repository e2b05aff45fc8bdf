import type { InterpreterCapabilities } from "@codeact/core";

/** What Python in a worker can do; `isolation` says what keeps it from everything else. */
export function workerCapabilities(isolation: string): InterpreterCapabilities {
  return Object.freeze({
    fork: false,
    threads: false,
    subprocess: false,
    interrupt: "keeps-state",
    concurrentToolCalls: false,
    backPressure: true,
    filesWhileBusy: true,
    isolation: Object.freeze([isolation, "memory: a limit on the growth of WebAssembly's"]),
  });
}
