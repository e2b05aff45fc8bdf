import { PyodideExecutor } from "@codeact/executors/pyodide";
import { collectCases } from "../collect-cases.js";

/** What the test calls. */
declare global {
  var runCase: (name: string) => Promise<void>;
  var endCases: () => Promise<void>;
}

const { cases, end } = collectCases(() => new PyodideExecutor({ indexUrl: "/pyodide/" }));
globalThis.runCase = async (name) => cases.get(name)?.();
globalThis.endCases = end;
