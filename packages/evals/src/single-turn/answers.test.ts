import { describe, expect, it } from "vitest";
import { isSameFormula } from "./formula.js";
import { finalNumber } from "./gsm8k.js";
import { programIn } from "./humaneval.js";
import { lastBoxed } from "./math.js";
import { chosenLetter } from "./mmlu.js";

describe("finalNumber", () => {
  it.each<[message: string, number: number | undefined]>([
    ["So it is 7.\n#### 42", 42],
    ["#### $1,250.50 dollars", 1250.5],
    ["#### -$3", -3],
    ["She has 5-3 = 2 left.", 2],
    ["From 10 to 12-14", 14],
    ["It is 42.", 42],
    ["#### .5", 0.5],
    ["#### -$.50", -0.5],
    ["Well ...5", 5],
    ["#### none", undefined],
    ["I do not know.", undefined],
  ])("%j gives %s", (message, number) => {
    expect(finalNumber(message)).toBe(number);
  });
});

describe("chosenLetter", () => {
  it.each<[message: string, letter: string | undefined]>([
    ["Not A.\nAnswer: B", "B"],
    ["Answer: **(C)**", "C"],
    ["The answer is D, not A.", "D"],
    ["Answer: A\nNo. Answer: B", "B"],
    ["Because of this\n(c)", "C"],
    [String.raw`So it is $\boxed{B}$.`, "B"],
    [String.raw`Not \boxed{A}. Answer: $\boxed{\text{(C)}}$`, "C"],
    [String.raw`\boxed{Because}`, undefined],
    ["To answer a question", undefined],
    ["Answer: E", undefined],
    ["A metal.", undefined],
  ])("%j gives %s", (message, letter) => {
    expect(chosenLetter(message, 4)).toBe(letter);
  });
});

describe("lastBoxed", () => {
  it.each<[message: string, boxed: string | undefined]>([
    [String.raw`\boxed{1} or \boxed{\frac{1}{2}}.`, String.raw`\frac{1}{2}`],
    [String.raw`\fbox{7}`, "7"],
    [String.raw`$\boxed 7$`, "7"],
    [String.raw`\boxed{7`, undefined],
    ["7", undefined],
  ])("%j gives %s", (message, boxed) => {
    expect(lastBoxed(message)).toBe(boxed);
  });
});

describe("isSameFormula", () => {
  it.each([
    [String.raw`\dfrac{1}{2}`, String.raw`\frac12`],
    ["0.5", String.raw`\frac{1}{2}`],
    ["1/2", ".5"],
    [String.raw`-\frac{3}{4}`, "-0.75"],
    [String.raw`\left( 2,\, 3 \right)`, "(2, 3)"],
    [String.raw`12\text{ cm}^2`, "12"],
    [String.raw`\text{ Monday}`, "monday"],
    ["1,000", "1{,}000"],
    ["x = 5", "5"],
    [String.raw`90^\circ`, "90"],
    [String.raw`25\%`, "25"],
    [String.raw`\$3`, "3"],
    [String.raw`2\sqrt 3`, String.raw`2\sqrt{3}`],
  ])("takes %j for %j", (answer, expected) => {
    expect(isSameFormula(answer, expected)).toBe(true);
  });

  it.each([
    ["0.33", String.raw`\frac{1}{3}`],
    ["(3, 2)", "(2, 3)"],
    ["x+1", "x-1"],
    ["12", "120"],
    ["", "0"],
  ])("does not take %j for %j", (answer, expected) => {
    expect(isSameFormula(answer, expected)).toBe(false);
  });
});

describe("programIn", () => {
  const prompt = 'import re\n\ndef one():\n    return 1\n\ndef f(x):\n    """ Doubles. """\n';
  const before = "import re\n\ndef one():\n    return 1\n\n";
  it.each([
    [
      "a block",
      "So:\n```python\ndef f(x):\n    return x\n```\nDone.",
      `${before}def f(x):\n    return x\n`,
    ],
    [
      "the last that defines it",
      "```\ndef f(x): return 1\n```\n```\ndef f(x): return 2\n```\n```\nf(1)\n```",
      `${before}def f(x): return 2\n`,
    ],
    [
      "a block that is cut off",
      "```python\ndef f(x):\n    return x",
      `${before}def f(x):\n    return x`,
    ],
    ["a bare program", "def f(x):\n    return x", `${before}def f(x):\n    return x`],
    ["a continuation", "    return x", `${prompt}    return x`],
    ["a continuation in a block", "```\n    return x\n```", `${prompt}    return x\n`],
  ])("reads %s", (_what, message, program) => {
    expect(programIn(message, prompt, "f")).toBe(program);
  });
});
