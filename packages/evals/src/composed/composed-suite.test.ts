import { PythonExecutor } from "@codeact/executors/python";
import { afterAll, describe, expect, it } from "vitest";
import { formatNames } from "../suite/format.js";
import type { AttemptSetting } from "../suite/task.js";
import { composedSuite } from "./composed-suite.js";

const executor = new PythonExecutor();
afterAll(() => executor.close());

const { tasks } = composedSuite();
const setting = (): Omit<AttemptSetting, "model" | "format"> => ({
  executor,
  limits: { steps: 20 },
  sampling: {},
  signal: new AbortController().signal,
});

describe("the composed suite", () => {
  it("has at least 60 tasks in at least five families, each with an id of its own", () => {
    expect(new Set(tasks.map(({ family }) => family)).size).toBeGreaterThanOrEqual(5);
    expect(new Set(tasks.map(({ id }) => id)).size).toBeGreaterThanOrEqual(60);
    expect(tasks.length).toBe(72);
  });

  it("is the same on every machine and in every release, so that its figures can be compared", () => {
    expect(composedSuite().taskHash).toBe(
      "b1899e11f6d482cb125dbec9548275ac106e598f5c2f49b9e9ed48c197854c63",
    );
  });

  it.each(formatNames)(
    "is solved by its oracles in the format %s",
    { timeout: 300_000 },
    async (format) => {
      const unsolved: unknown[] = [];
      const turns: number[] = [];
      for (const task of tasks) {
        const model = task.oracle?.(format);
        if (!model) throw new Error(`${task.id} has no oracle`);
        const outcome = await task.attempt({ model, format, ...setting() });
        turns.push(outcome.turns);
        if (!outcome.success) {
          const { status, answer, expected, trajectory } = outcome;
          unsolved.push({ id: task.id, status, answer, expected, last: trajectory.events.at(-3) });
        }
      }
      expect(unsolved).toEqual([]);
    },
  );
});
