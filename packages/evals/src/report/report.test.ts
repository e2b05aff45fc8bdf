import { describe, expect, it } from "vitest";
import { attempt, header } from "../../test/attempts.js";
import type { AttemptResult } from "../run/attempt-record.js";
import { renderMarkdown } from "./markdown.js";
import { makeReport } from "./report.js";

function result(
  task: string,
  format: AttemptResult["format"],
  success: boolean,
  turns: number,
  more: Partial<AttemptResult> = {},
): AttemptResult {
  return { ...attempt(task, success), format, turns, ...more };
}

/** Four tasks in two formats: code solves 3 in 2, 3, 4 and 5 turns, JSON 1 in 4, 6, 6 and 10. */
const results = [
  result("a", "code", true, 2, { actions: 4, failedActions: 1, toolCalls: 6 }),
  result("b", "code", true, 3),
  result("c", "code", true, 4),
  result("d", "code", false, 5, { status: "step-limit" }),
  result("a", "json", true, 4),
  result("b", "json", false, 6),
  result("c", "json", false, 6),
  result("d", "json", false, 10, { status: "step-limit" }),
];
const report = makeReport({ header, results, faults: [] });

describe("makeReport", () => {
  it("has the figures of each format", () => {
    const [code, json] = report.formats;
    expect(code).toMatchObject({
      format: "code",
      attempts: 4,
      successes: 3,
      success: { mean: 0.75, count: 4 },
      turns: { mean: 3.5, count: 4 },
      turnsOfSuccesses: { mean: 3, count: 3 },
      tokens: { input: 1, output: 1, complete: true },
      toolCalls: 1.5,
      failedActions: 0.25,
      statuses: { answered: 3, "step-limit": 1 },
    });
    expect(json).toMatchObject({
      format: "json",
      successes: 1,
      success: { mean: 0.25 },
      turns: { mean: 6.5 },
      turnsOfSuccesses: { mean: 4, count: 1 },
      failedActions: 0,
    });
    // Wilson's interval of 3 in 4.
    expect(code?.success.interval.low).toBeCloseTo(0.3006, 4);
    expect(code?.success.interval.high).toBeCloseTo(0.9544, 4);
  });

  it("compares formats task by task", () => {
    // Success differs by 0, 1, 1, 0: two signs, one of four flips is as far on each side.
    // Turns differ by -2, -3, -2, -5: only all or none of 16 flips are as far.
    expect(report.comparisons).toMatchObject([
      {
        left: "code",
        right: "json",
        tasks: 4,
        success: { difference: { mean: 0.5, interval: { low: 0, high: 1 } }, p: 0.5 },
        turns: { difference: { mean: -3 }, p: 0.125, correctedP: 0.125 },
      },
    ]);
  });

  it("gives each task the same weight, however often it was repeated", () => {
    const repeated = [
      result("a", "code", true, 2),
      result("a", "code", true, 2, { repeat: 2 }),
      result("a", "code", false, 2, { repeat: 3 }),
      result("a", "json", false, 2),
      result("a", "json", false, 2, { repeat: 2 }),
      result("a", "json", false, 2, { repeat: 3 }),
      result("b", "code", false, 2),
      result("b", "json", true, 2),
      result("c", "code", true, 2),
    ];
    const { formats, comparisons } = makeReport({ header, results: repeated, faults: [] });
    expect(formats[0]?.success.mean).toBeCloseTo((2 / 3 + 0 + 1) / 3, 12);
    // Task a by 2/3, task b by -1, task c was not tried in both. The sum's reach is -1/3, and
    // all four flips are as far.
    expect(comparisons[0]).toMatchObject({ tasks: 2, success: { p: 1 } });
    expect(comparisons[0]?.success.difference.mean).toBeCloseTo(-1 / 6, 12);
  });

  it("does not claim certainty where nothing varied", () => {
    const equal = ["a", "b", "c", "d"].flatMap((task) => [
      result(task, "code", false, 10),
      result(task, "json", false, 10),
    ]);
    const { formats, comparisons } = makeReport({ header, results: equal, faults: [] });
    expect(formats[0]?.success.interval.high).toBeCloseTo(0.4899, 4);
    expect(formats[0]?.turns).toEqual({ mean: 10, count: 4 });
    // 1 - 0.025^(1/4).
    expect(comparisons[0]?.success.difference.interval?.high).toBeCloseTo(0.6024, 4);
    expect(comparisons[0]?.turns).toMatchObject({ difference: { mean: 0 }, p: 1 });
    expect(comparisons[0]?.turns.difference.interval).toBeUndefined();
  });

  it("corrects for the number of comparisons", () => {
    const text = results.filter(({ format }) => format === "code");
    const three = [...results, ...text.map((each) => ({ ...each, format: "text" as const }))];
    const { comparisons } = makeReport({ header, results: three, faults: [] });
    expect(comparisons.map(({ left, right }) => `${left} ${right}`)).toEqual([
      "code json",
      "code text",
      "json text",
    ]);
    expect(comparisons.map(({ turns }) => turns.p)).toEqual([0.125, 1, 0.125]);
    expect(comparisons.map(({ turns }) => turns.correctedP)).toEqual([0.375, 1, 0.375]);
  });

  it("is empty of no results", () => {
    const { formats, comparisons, tasks } = makeReport({ header, results: [], faults: [] });
    expect({ formats, comparisons, tasks }).toEqual({ formats: [], comparisons: [], tasks: 0 });
  });
});

describe("renderMarkdown", () => {
  it("shows every figure", () => {
    const lines = renderMarkdown(report).split("\n");
    expect(lines).toContain(
      "| code | 75.0 % | [30.1 %, 95.4 %] | 3.50 | [2.50, 4.50] | 3.00 | 1 | 1 | 1.50 | 25.0 % |",
    );
    expect(lines.find((line) => line.startsWith("| code − json"))).toMatch(
      /^\| code − json \| 4 \| \+50\.0 \| \[0\.0, \+100\.0\] \| 0\.500 \| 0\.500 \| -3\.00 \| \[-4\.\d+, -2\.00\] \| 0\.125 \| 0\.125 \|$/,
    );
    expect(lines).toContain("| code | step-limit | 1 |");
    expect(lines.filter((line) => line.startsWith("| sums | "))).toHaveLength(2);
  });

  it("says what it has none of", () => {
    const markdown = renderMarkdown(makeReport({ header, results: [], faults: [] }));
    expect(markdown).toContain("## Formats\n\nThere are no results.");
    expect(markdown).toContain("There is only one format.");
  });
});
