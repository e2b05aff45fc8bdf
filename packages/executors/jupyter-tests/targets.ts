import type { JupyterProcessOptions } from "./jupyter-process.js";

/** A server to test against. */
export interface Target extends JupyterProcessOptions {
  name: string;
  /** Whether it also has a kernel of Bash. */
  hasBash?: boolean;
}

/** What `npm run test:jupyter` could install, as it says in the environment. */
export const targets = JSON.parse(process.env["CODEACT_JUPYTER_TARGETS"] ?? "[]") as Target[];
