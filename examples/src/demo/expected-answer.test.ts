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
  const answer = computeAnswer(csv);
  expect(answer.heaviestSpecies).toBe("Gentoo");
  expect(answer.islands).toEqual([
    {
      island: "Biscoe",
      weighed: 167,
      meanMassGrams: expect.closeTo(4716.018, 3),
      distanceKm: 13.9,
    },
    { island: "Dream", weighed: 124, meanMassGrams: expect.closeTo(3712.903, 3), distanceKm: 10.6 },
    { island: "Torgersen", weighed: 51, meanMassGrams: expect.closeTo(3706.373, 3), distanceKm: 1 },
  ]);
});

test("mistakes are found", () => {
  const expected = computeAnswer(csv);
  expect(findMistakes(expected, expected)).toEqual([]);
  const [first, ...rest] = expected.islands;
  const wrong = {
    heaviestSpecies: "Adelie" as const,
    islands: [{ ...first!, weighed: 1 }, ...rest],
  };
  expect(findMistakes(wrong, expected)).toEqual([
    "the heaviest species is Adelie, and should be Gentoo",
    "penguins weighed on Biscoe is 1, and should be 167",
  ]);
});
