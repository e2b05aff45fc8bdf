import { defineConfig } from "vitest/config";
import shared from "./vitest.config.js";

/** The tests that need Jupyter servers; `npm run test:jupyter` installs these. */
export default defineConfig({
  ...shared,
  test: {
    ...shared.test,
    include: ["packages/executors/jupyter-tests/**/*.test.ts"],
    // They wait for servers more than they compute.
    maxWorkers: 4,
  },
});
