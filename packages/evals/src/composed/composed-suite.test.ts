import { ScriptedModel } from "@codeact/core/testing";
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

/** As docs/evaluation.md has them. */
const turnsOfOracles = { code: 1, native: 1, json: 8.3, text: 8.3 };

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
      const mean = turns.reduce((sum, each) => sum + each, 0) / turns.length;
      expect(mean).toBeCloseTo(turnsOfOracles[format], 1);
    },
  );

  it("judges what a task changed, not only its answer", async () => {
    const task = tasks.find(({ id }) => id.startsWith("warehouse/restock"));
    const prompt = (task?.content as { prompt: string } | undefined)?.prompt ?? "";
    const [, target = "", wanted = "", product = ""] =
      /depot (\w+) needs exactly (\d+) units of ([\w ]+?) and/.exec(prompt) ?? [];
    const solve = `target, product = ${JSON.stringify(target)}, ${JSON.stringify(product)}
missing = ${wanted} - get_stock(target, product)
others = [depot for depot in list_depots() if depot != target]
able = [depot for depot in others if get_stock(depot, product) >= missing]
source = min(able, key=lambda depot: get_distance(depot, target))
move_stock(source, target, product, missing)`;
    const attempt = async (more: string) => {
      const model = new ScriptedModel([
        `<execute>\n${solve}\n${more}\nfinal_answer(source)\n</execute>`,
      ]);
      const outcome = await task?.attempt({ model, format: "code", ...setting() });
      return [outcome?.status, outcome?.success, outcome?.answer === outcome?.expected];
    };
    expect(await attempt("")).toEqual(["answered", true, true]);
    expect(await attempt("move_stock(source, source, product, 1)")).toEqual([
      "answered",
      true,
      true,
    ]);
    expect(await attempt("move_stock(target, source, product, 1)")).toEqual([
      "answered",
      false,
      true,
    ]);
    const other = "next(depot for depot in others if get_stock(depot, product) > 0)";
    expect(await attempt(`move_stock(${other}, others[-1], product, 1)`)).toEqual([
      "answered",
      false,
      true,
    ]);
  });
});
