import { createHash } from "node:crypto";
import type { Suite } from "./task.js";

/**
 * Adds the hash by which a journal knows the suite's tasks again. Call it with all of them, before
 * some are chosen.
 *
 * @example
 * ```ts
 * const suite = withTaskHash({ name: "weather", formats: ["code"], tasks: [] });
 * ```
 */
export function withTaskHash(suite: Suite): Suite {
  const identity = suite.tasks.map(({ id, family, content = null }) => [id, family, content]);
  const taskHash = createHash("sha256").update(JSON.stringify(identity)).digest("hex");
  return { ...suite, taskHash };
}
