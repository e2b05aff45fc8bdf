import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Where `scripts/fetch-test-model.mjs` puts a model. */
export function testModelFile(name: string): string {
  return fileURLToPath(new URL(`../../../.cache/models/${name}.gguf`, import.meta.url));
}

/** Whether the model is there; says loudly what is skipped otherwise. */
export function hasTestModel(name: string): boolean {
  if (existsSync(testModelFile(name))) return true;
  console.warn(
    `SKIPPED: tests with the real model ${name}, which is not in the cache. ` +
      `Fetch it: node scripts/fetch-test-model.mjs ${name}`,
  );
  return false;
}
