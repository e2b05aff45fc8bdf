import { readFile } from "node:fs/promises";
import path from "node:path";
import { type Model, ModelError } from "@codeact/core";
import { FakeExecutor } from "@codeact/core/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { sumsSuite } from "../../test/sums.js";
import { temporaryFolders } from "../../test/temporary-folder.js";
import { renderMarkdown } from "../report/markdown.js";
import { makeReport } from "../report/report.js";
import { oracles } from "../suite/oracle-chooser.js";
import { withTaskHash } from "../suite/task-hash.js";
import { readEvaluation } from "./journal-reader.js";
import type { EvaluationOptions, ModelChooser } from "./options.js";
import type { EvaluationProgress } from "./progress.js";
import { runEvaluation } from "./run-evaluation.js";

const makeFolder = temporaryFolders();
let options: EvaluationOptions;
beforeEach(async () => {
  options = {
    suite: sumsSuite(6),
    model: oracles,
    executor: new FakeExecutor([]),
    journal: path.join(await makeFolder(), "journal.jsonl"),
    formats: ["json", "text"],
  };
});

/** Solutions, until as many attempts were begun as given; then what `then` does. */
function breaksAfter(attempts: number, then: () => Model): ModelChooser {
  let begun = 0;
  return {
    id: "oracle",
    modelFor: (task, format) => (begun++ < attempts ? oracles.modelFor(task, format) : then()),
  };
}

const failing = (): Model => ({
  id: "failing",
  // oxlint-disable-next-line eslint/require-yield
  async *generate() {
    throw new ModelError("model-authentication", "The key was refused.");
  },
});

const hanging = (): Model => ({
  id: "hanging",
  // oxlint-disable-next-line eslint/require-yield
  async *generate({ signal }) {
    await new Promise((_resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    });
  },
});

describe("runEvaluation", () => {
  it("makes each attempt once, and says how each ended", async () => {
    const { results, faults } = await runEvaluation({ ...options, repeats: 2, concurrency: 3 });
    expect(faults).toEqual([]);
    expect(results).toHaveLength(6 * 2 * 2);
    expect(results.every(({ success, turns }) => success && turns === 2)).toBe(true);
    expect(results[0]).toMatchObject({
      task: "large/sum-2",
      family: "large",
      format: "json",
      repeat: 1,
      answer: 2002,
      expected: 2002,
      actions: 1,
      failedActions: 0,
      toolCalls: 1,
    });
  });

  it("makes only what is left, also of a plan that grew", async () => {
    await runEvaluation({ ...options, suite: sumsSuite(2) });
    const asked: string[] = [];
    const watching: ModelChooser = {
      id: "oracle",
      modelFor: (task, format) => {
        asked.push(`${task.id} ${format}`);
        return oracles.modelFor(task, format);
      },
    };
    await runEvaluation({ ...options, suite: sumsSuite(3), model: watching });
    expect(asked).toEqual(["small/sum-3 json", "small/sum-3 text"]);
  });

  it("refuses other tasks of the same names, however few are tried", async () => {
    const suite = withTaskHash(sumsSuite(6));
    const few = { ...suite, tasks: suite.tasks.slice(0, 2) };
    await runEvaluation({ ...options, suite: few });
    const { header, results } = await runEvaluation({ ...options, suite });
    expect([header.taskHash, results.length]).toEqual([suite.taskHash, 12]);

    const changed = suite.tasks.map((task) => ({ ...task, content: "another" }));
    const refused = runEvaluation({
      ...options,
      suite: withTaskHash({ ...suite, tasks: changed }),
    });
    await expect(refused).rejects.toMatchObject({
      code: "invalid-option",
      message: expect.stringContaining("other tasks of the same names") as string,
    });
  });

  it("goes on with a journal that does not say which tasks it is of", async () => {
    const { taskHash: _, ...earlier } = withTaskHash(sumsSuite(2));
    await runEvaluation({ ...options, suite: earlier });
    expect(await readFile(options.journal, "utf8")).not.toContain("taskHash");
    const { results } = await runEvaluation({ ...options, suite: withTaskHash(sumsSuite(6)) });
    expect(results).toHaveLength(12);
  });

  it("goes on after an abort as if there had been none", async () => {
    const breaking = new AbortController();
    const broken = runEvaluation({
      ...options,
      model: breaksAfter(5, () => {
        queueMicrotask(() => breaking.abort(new Error("enough")));
        return hanging();
      }),
      concurrency: 2,
      signal: breaking.signal,
    });
    await expect(broken).rejects.toThrow("enough");
    const { results } = await readEvaluation(options.journal);
    expect(results.length).toBeGreaterThan(0);
    expect(results.length).toBeLessThan(12);

    const { seconds: _, ...resumed } = makeReport(await runEvaluation(options));
    const whole = { ...options, journal: path.join(await makeFolder(), "journal.jsonl") };
    const { seconds: __, ...unbroken } = makeReport(await runEvaluation(whole));
    expect(resumed).toEqual(unbroken);
  });

  it("stops after five faults in a row, and makes these attempts again", async () => {
    await expect(
      runEvaluation({ ...options, model: breaksAfter(3, failing), concurrency: 1 }),
    ).rejects.toMatchObject({ code: "model-authentication" });
    const broken = await readEvaluation(options.journal);
    expect([broken.results.length, broken.faults.length]).toEqual([3, 5]);
    expect(broken.faults[0]?.error).toEqual({
      message: "The key was refused.",
      code: "model-authentication",
    });
    const { results, faults } = await runEvaluation(options);
    expect([results.length, faults]).toEqual([12, []]);
  });

  it("does not count a fault as a wrong answer", async () => {
    const model = breaksAfter(10, failing);
    const { results, faults } = await runEvaluation({ ...options, model, concurrency: 1 });
    expect([results.length, faults.length]).toEqual([10, 2]);
    expect(makeReport({ ...(await readEvaluation(options.journal)) })).toMatchObject({
      faults: 2,
      formats: [{ success: { mean: 1 } }, { success: { mean: 1 } }],
    });
  });

  it("reports names with any sign as single cells", async () => {
    const { header, results } = await runEvaluation({ ...options, suite: sumsSuite(1) });
    const odd = results.map((result) => ({ ...result, family: "a|b\nc" }));
    const markdown = renderMarkdown(makeReport({ header, results: odd, faults: [] }));
    expect(markdown).toContain("| a\\|b c | json |");
  });

  it("tells its progress, earlier results included", async () => {
    await runEvaluation({ ...options, suite: sumsSuite(2) });
    const seen: EvaluationProgress[] = [];
    await runEvaluation({ ...options, onProgress: (progress) => seen.push(progress) });
    expect(seen[0]).toMatchObject({ total: 12, done: 4, active: 0 });
    expect(seen.at(-1)).toMatchObject({
      total: 12,
      done: 12,
      active: 0,
      leftMs: 0,
      formats: [
        { format: "json", attempts: 6, successes: 6 },
        { format: "text", attempts: 6, successes: 6 },
      ],
    });
    expect(Math.max(...seen.map(({ active }) => active))).toBeLessThanOrEqual(4);
  });

  it("counts the seed up with the repeats", async () => {
    const seeds: unknown[] = [];
    const model: Model = {
      id: "seeded",
      async *generate({ seed, temperature, maxOutputTokens }) {
        seeds.push([seed, temperature, maxOutputTokens]);
        yield { type: "text", text: '{"answer": 3}' };
        yield { type: "finish", reason: "stop" };
      },
    };
    const sampling = { seed: 7, temperature: 0, maxOutputTokens: 512 };
    await runEvaluation({
      ...options,
      suite: sumsSuite(1),
      formats: ["json"],
      model,
      sampling,
      repeats: 2,
    });
    expect(seeds).toEqual([
      [7, 0, 512],
      [8, 0, 512],
    ]);
  });

  it.each([
    [{ concurrency: 0 }, /concurrency/],
    [{ repeats: 1.5 }, /repeats/],
    [{ formats: [] }, /nothing to run/],
    [{ formats: ["native"] }, /no format "native"/],
  ] satisfies [Partial<EvaluationOptions>, RegExp][])("refuses %j", async (given, message) => {
    await expect(runEvaluation({ ...options, ...given })).rejects.toMatchObject({
      code: "invalid-option",
      message: expect.stringMatching(message),
    });
  });
});
