import type { PyodideWorker } from "../pyodide-options.js";
import { browserWorkerProgram } from "../worker/browser-program.js";

/** How the user wants workers to be started. */
export type WorkerSource = string | URL | (() => PyodideWorker) | undefined;

let programUrl: string | undefined;

/** Starts a web worker that waits for its task. */
export function startWorker(source: WorkerSource): PyodideWorker {
  if (typeof source === "function") return source();
  // A module, so that it can import Pyodide in every browser.
  return new Worker(source ?? inlinedProgram(), { type: "module" });
}

/** One for the whole page, for as long as that lives. */
function inlinedProgram(): string {
  programUrl ??= URL.createObjectURL(new Blob([browserWorkerProgram], { type: "text/javascript" }));
  return programUrl;
}

/** What an `error` event of a worker means. */
export function describeWorkerError(event: object): string {
  const { message } = event as { message?: unknown };
  if (typeof message === "string" && message !== "") return `its worker failed: ${message}`;
  return (
    "its worker could not be loaded; where a Content-Security-Policy forbids workers from blob: " +
    "URLs, set the option `worker` of PyodideExecutor"
  );
}
