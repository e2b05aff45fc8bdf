import { defineConfig } from "vitest/config";
import { pythonSource } from "./scripts/python-source.mjs";

/** Siblings resolve to their sources under the first of these, so that no test needs a build. */
const conditions = ["@codeact/source", "node", "import", "default"];

export default defineConfig({
  plugins: [pythonSource],
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "packages/*/test/**/*.test.ts",
      "packages/*/python-tests/**/*.test.ts",
      "examples/**/*.test.ts",
      "bench/**/*.test.ts",
      "scripts/**/*.test.ts",
    ],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Thousands of tests run real processes against the clock, on machines that others use too. What
    // passes only at its second run is listed at the end, as flaky.
    retry: process.env.CI ? 1 : 0,
  },
});
