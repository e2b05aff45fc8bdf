import { describeExecutor } from "@codeact/core/testing";
import { afterAll, describe, it } from "vitest";
import { PythonExecutor } from "./python-executor.js";

const suite = { describe, it, afterAll };

describeExecutor("PythonExecutor", () => new PythonExecutor(), { suite });

describeExecutor(
  "PythonExecutor without a fork server",
  () => new PythonExecutor({ forkServer: false }),
  {
    suite,
  },
);
