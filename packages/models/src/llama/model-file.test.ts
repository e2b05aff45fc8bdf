import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LlamaModel } from "./llama-model.js";
import { modelFile } from "./model-file.js";

let cacheFolder: string;

beforeEach(async () => {
  cacheFolder = await mkdtemp(path.join(tmpdir(), "codeact-model-file-"));
});

afterEach(() => rm(cacheFolder, { recursive: true }));

test("a known name is its file in the cache, once it is there", async () => {
  const options = { model: "qwen2.5-coder-1.5b", cacheFolder };
  expect(await LlamaModel.isCached(options)).toBe(false);
  const file = path.join(cacheFolder, "qwen2.5-coder-1.5b.gguf");
  await writeFile(file, "GGUF");
  expect(await LlamaModel.isCached(options)).toBe(true);
  expect(await modelFile(options)).toEqual({ path: file, name: "qwen2.5-coder-1.5b" });
});

test("a path and a file URL are the file itself, wherever the cache is", async () => {
  const file = path.join(cacheFolder, "mine.gguf");
  expect(await LlamaModel.isCached({ model: file })).toBe(false);
  await writeFile(file, "GGUF");
  for (const model of [file, pathToFileURL(file), pathToFileURL(file).href]) {
    expect(await LlamaModel.isCached({ model })).toBe(true);
    expect(await modelFile({ model })).toEqual({ path: file, name: "mine" });
  }
});
