import { describeExecutor } from "@codeact/core/testing";
import { afterAll, describe, it } from "vitest";
import { PyodideExecutor } from "./index.js";
import { testCache } from "./test-cache.js";

const suite = { describe, it, afterAll };

describeExecutor(
  "PyodideExecutor in a thread",
  () => new PyodideExecutor({ cacheDirectory: testCache }),
  { suite },
);
