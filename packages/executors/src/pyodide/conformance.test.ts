import { describeExecutor } from "@codeact/core/testing";
import { afterAll, describe, it } from "vitest";
import { PyodideExecutor } from "./index.js";
import { testCache } from "./test-cache.js";

/** Threads start in half the time; the other way is taken where this variable asks for it. */
const isolation =
  process.env["CODEACT_TEST_PYODIDE_ISOLATION"] === "process" ? "process" : "worker";

describeExecutor(
  `PyodideExecutor with isolation "${isolation}"`,
  () => new PyodideExecutor({ isolation, cacheDirectory: testCache }),
  { suite: { describe, it, afterAll } },
);
