import { describeExecutor } from "@codeact/core/testing";
import { afterAll, describe, it } from "vitest";
import { whyNoSandbox } from "../../test/strict-sandbox.js";
import { PythonExecutor } from "./python-executor.js";

const isMissing = (await whyNoSandbox()) !== undefined;

describeExecutor("PythonExecutor, confined", () => new PythonExecutor({ sandbox: "strict" }), {
  suite: { describe: isMissing ? describe.skip : describe, it, afterAll },
});
