import { afterEach, expect, test, vi } from "vitest";
import { failure } from "../../test/collect.js";
import { importPeer, startLlama } from "./peer.js";

afterEach(() => vi.doUnmock("node-llama-cpp"));

test("without the package it says what to install", async () => {
  vi.doMock("node-llama-cpp", () => {
    throw new Error("Cannot find package 'node-llama-cpp'");
  });
  const error = await failure(importPeer());
  expect(error).toMatchObject({ code: "invalid-option" });
  expect(String(error)).toContain("npm install node-llama-cpp@3");
});

test("without a binary for the GPU it says what is missing", async () => {
  const module = await importPeer();
  // Apple's, which no machine has together with CUDA.
  const gpu = process.platform === "darwin" ? "cuda" : "metal";
  const error = await failure(startLlama(module, gpu, undefined));
  expect(error).toMatchObject({ code: "invalid-option" });
  expect(String(error)).toContain(`no working binary for gpu: "${gpu}"`);
});
