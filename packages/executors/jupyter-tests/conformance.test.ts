import { describeExecutor } from "@codeact/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { JupyterExecutor } from "../src/jupyter/index.js";
import { JupyterProcess } from "./jupyter-process.js";
import { targets } from "./targets.js";

describe.each(targets)("$name", (target) => {
  let server: JupyterProcess;
  beforeAll(async () => {
    server = await JupyterProcess.start(target);
  }, 90_000);
  afterAll(async () => {
    try {
      expect(await server.kernels()).toEqual([]);
    } finally {
      await server.stop();
    }
  }, 60_000);

  describeExecutor(
    "JupyterExecutor",
    () => new JupyterExecutor({ baseUrl: server.baseUrl, token: server.token }),
    { suite: { describe, it, afterAll } },
  );
});
