import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { parseCsv } from "./csv.js";
import { computeAnswer, findMistakes } from "./expected-answer.js";

const csv = await readFile(new URL("../../data/penguins-raw.csv", import.meta.url), "utf8");

test("CSV fields may be quoted and empty", () => {
  expect(parseCsv('a,b,c\n1,"x, ""y""",\n,,3\n')).toEqual([
    { a: "1", b: 'x, "y"', c: "" },
    { a: "", b: "", c: "3" },
  ]);
  expect(parseCsv(csv)).toHaveLength(344);
});

test("the expected answer is that of the published data set", () => {
  expect(computeAnswer(csv)).toEqual([
    { island: "Biscoe", meanMassGrams: expect.closeTo(4716.018, 3), distanceKm: 13.9 },
    { island: "Dream", meanMassGrams: expect.closeTo(3712.903, 3), distanceKm: 10.6 },
    { island: "Torgersen", meanMassGrams: expect.closeTo(3706.373, 3), distanceKm: 1 },
  ]);
});

test("mistakes are found", () => {
  const expected = computeAnswer(csv);
  expect(findMistakes(expected, expected)).toEqual([]);
  const [first, second, third] = expected;
  const wrong = [{ ...first!, distanceKm: 1 }, { ...second!, meanMassGrams: 460_400 }, third!];
  expect(findMistakes(wrong, expected)).toEqual([
    "the distance of Biscoe is 1, and should be 13.9",
    expect.stringMatching(/^the mean mass on Dream is 460400, and should be 3712\.9/),
  ]);
  expect(findMistakes([], expected)).toContain("the number of islands is 0, and should be 3");
});
