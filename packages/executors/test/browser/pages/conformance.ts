import { PyodideExecutor } from "@codeact/executors/pyodide";
import { collectCases } from "../collect-cases.js";

/** What the test calls. */
declare global {
  var runCase: (name: string) => Promise<void>;
  var endCases: () => Promise<void>;
}

/** Patient on a slow machine, where nearly every interrupt reaches the code. */
const interruptGraceMs = crossOriginIsolated ? 5000 : 500;
const { cases, end } = collectCases(
  () => new PyodideExecutor({ indexUrl: "/pyodide/", interruptGraceMs }),
);
globalThis.runCase = async (name) => cases.get(name)?.();
globalThis.endCases = end;
