import { describeExecutor } from "@codeact/core/testing";
import { afterAll, describe, it } from "vitest";
import { PythonExecutor } from "./python-executor.js";

describeExecutor("PythonExecutor", () => new PythonExecutor(), {
  suite: { describe, it, afterAll },
});
