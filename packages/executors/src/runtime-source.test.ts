import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { confinementModules } from "./runtime-modules/confinement-modules.js";
import { processModules } from "./runtime-modules/process-modules.js";
import { sessionModules } from "./runtime-modules/session-modules.js";
import { bootstrapProgram, runtimePayload } from "./runtime-source.js";

const runtimeModules = { ...sessionModules, ...processModules, ...confinementModules };

it("carries every module of the runtime", () => {
  const directory = new URL("runtime/codeact_runtime", import.meta.url);
  const files = readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".py") && name !== "bootstrap.py")
    // Carried by runtime-modules/jupyter-modules.ts, into kernels only.
    .filter((name) => !name.startsWith("jupyter/"))
    .map((name) => `codeact_runtime.${name.slice(0, -3).replaceAll("/", ".")}`)
    .map((name) => name.replace(".__init__", ""));
  expect(Object.keys(runtimeModules).sort()).toEqual(files.sort());
});

it("is what the bootstrap program reads", () => {
  const [count = "", ...json] = runtimePayload("codeact_runtime.fork_server")
    .toString("utf8")
    .split("\n");
  const text = json.join("\n");
  expect(Buffer.byteLength(text)).toBe(Number(count));
  expect(JSON.parse(text)).toEqual({
    modules: runtimeModules,
    entry: "codeact_runtime.fork_server",
  });
  expect(bootstrapProgram).toContain("start_runtime(3)");
});
