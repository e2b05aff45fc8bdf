import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeFormat } from "./code-format.js";
import { blockCases } from "./code-reader-blocks.cases.js";
import { fenceCases } from "./code-reader-fences.cases.js";
import { proseCases } from "./code-reader-prose.cases.js";
import { tagCases } from "./code-reader-tags.cases.js";
import { jsonFormat } from "./json-format.js";
import { nativeToolFormat } from "./native-tool-format.js";
import { readPieces, readWhole } from "./reader.test-support.js";
import { textFormat } from "./text-format.js";

const formats = [codeFormat(), nativeToolFormat(), jsonFormat(), textFormat()];
const format = codeFormat();
const cases = [...tagCases, ...blockCases, ...fenceCases, ...proseCases];

const fragments = [
  "<execute>",
  "</execute>",
  "</exec",
  "<think>",
  "</think>",
  "`<execute>`",
  "&lt;execute&gt;",
  "```python",
  "```",
  "~~~",
  "```json",
  "Observation:",
  "Action: f, ",
  "Answer:",
  '{"tool": "f"',
  '"',
  "'",
  '"""',
  "'''",
  "#",
  "\\",
  "\n",
  "\r\n",
  " ",
  "x = 1",
  "it's",
  "}",
  "(",
  "😀",
]; // prettier-ignore
const message = fc.oneof(
  fc.constantFrom(...cases.map((example) => example.message)),
  fc.array(fc.constantFrom(...fragments), { maxLength: 30 }).map((parts) => parts.join("")),
  fc.string({ unit: "binary", maxLength: 60 }),
);
const finishReason = fc.constantFrom(
  "stop",
  "length",
  "tool-calls",
  "content-filter",
  "error",
  "other",
);

/** Cuts a text at the given fractions of its length. */
function cutAt(text: string, fractions: readonly number[]): string[] {
  const places = fractions
    .map((fraction) => Math.floor(fraction * text.length))
    .sort((a, b) => a - b);
  return [0, ...places].map((from, index) => text.slice(from, places[index] ?? text.length));
}

describe("readers", () => {
  it("read a message alike however it is cut into pieces", () => {
    const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 });
    fc.assert(
      fc.property(message, finishReason, cuts, (text, reason, fractions) => {
        for (const each of formats) {
          const example = { message: text, finishReason: reason };
          const pieces = cutAt(text, fractions);
          expect(pieces.join("")).toBe(text);
          expect(readPieces(each, example, pieces)).toEqual(readWhole(each, example));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("read a message alike character by character", () => {
    for (const example of cases) {
      // Not by code point: a stream may split surrogate pairs and "\r\n".
      const pieces = example.message.split("");
      expect(readPieces(format, example, pieces)).toEqual(readWhole(format, example));
    }
  });

  it("never throw, and always give something to do", () => {
    fc.assert(
      fc.property(message, finishReason, (text, reason) => {
        for (const each of formats) {
          const parsed = readWhole(each, { message: text, finishReason: reason });
          if (parsed.type === "action") expect(parsed.actions.length).toBeGreaterThan(0);
          if (parsed.type === "answer") expect(parsed.answer).not.toBe("");
          if (parsed.type === "invalid") expect(parsed.hint).not.toBe("");
        }
      }),
      { numRuns: 1000 },
    );
  });
});

const literal = fc
  .tuple(
    fc.constantFrom("", "r", "f", "b"),
    fc.constantFrom('"', "'", '"""', "'''"),
    fc.array(
      fc.constantFrom(
        "a",
        " ",
        "</execute>",
        "<execute>",
        "```",
        "#",
        "\\\\",
        "</think>",
        "<",
        "😀",
      ),
      { maxLength: 6 },
    ),
  )
  .map(([prefix, quote, parts]) => `${prefix}${quote}${parts.join("")}${quote}`);
const statement = fc.oneof(
  literal.map((value) => `x = ${value}`),
  literal.map((value) => `print(${value}, ${value})`),
  fc.constantFrom(
    "for i in range(3):\n    print(i)",
    "if a <b and c> d:\n\tpass",
    "# </execute> in a comment, it's fine",
    "# ``` and <think>",
    "x = a < b  # <execute>",
    "!echo don't",
    "",
    "y = [1,\n     2]",
  ),
);
const code = fc
  .array(statement, { minLength: 1, maxLength: 8 })
  // Blank lines at the ends are not kept.
  .map((lines) => ["a = 1", ...lines, "b = 2"].join("\n"));

describe("code in a message", () => {
  const surrounded = fc.tuple(code, fc.constantFrom("", "I'll do it.\n\n", "It's 3 < 4: ", "\n\n"));

  it("is recovered from tags", () => {
    fc.assert(
      fc.property(surrounded, ([source, before]) => {
        const parsed = readWhole(format, {
          message: `${before}<execute>\n${source}\n</execute>\nBye`,
        });
        expect(parsed).toMatchObject({
          actions: [{ type: "code", code: source }],
          thought: before.trim(),
          text: `${before}<execute>\n${source}\n</execute>`.trim(),
        });
      }),
      { numRuns: 1000 },
    );
  });

  it("is recovered where the server stripped the closing tag", () => {
    fc.assert(
      fc.property(surrounded, ([source, before]) => {
        const parsed = readWhole(format, { message: `${before}<execute>\n${source}\n` });
        // A whole tag in a comment at the end of a line is taken for a closing one.
        fc.pre(!/<\/execute>$/m.test(source));
        expect(parsed).toMatchObject({ actions: [{ type: "code", code: source }] });
      }),
      { numRuns: 1000 },
    );
  });

  it("is recovered from fences", () => {
    fc.assert(
      fc.property(surrounded, ([source, before]) => {
        const parsed = readWhole(format, { message: `${before}\`\`\`python\n${source}\n\`\`\`` });
        fc.pre(!/<execute>/.test(source));
        expect(parsed).toMatchObject({ actions: [{ type: "code", code: source }] });
      }),
      { numRuns: 1000 },
    );
  });
});

// What takes time in the square of the length would take many seconds here.
describe("a long message", () => {
  const units = [
    "<",
    "'",
    '"',
    "`",
    "``` ",
    "```\n",
    "~~~\n",
    "'''\"\"\"",
    "\\'",
    " ",
    "\n",
    "   \n",
    "{",
    '{"a":',
    "<execute>",
    "</execute>",
    "\n<execute>a",
    "<execute>#",
    "<execute>#</execute>",
    "<execute>'",
    "<execute></think>",
    "<execute>\n# </execute>\n",
    "#<execute>\nObservation:\n",
    "<think>",
    "</think>",
    "&lt;execute&gt;",
    "```python\nx #```\n",
    "```\n'''\n```\n",
    ",'x",
    "Action: f('",
  ]; // prettier-ignore
  it.each(units)(
    "of %j is read in time that grows with its length",
    (unit) => {
      for (const before of ["", "<execute>\n", "```python\n", "Action: f, "]) {
        const text = before + unit.repeat(100_000 / unit.length);
        for (const each of formats) {
          for (const message of [text, `${text}x`, `${text}{"tool": "f"}`]) {
            const started = performance.now();
            readWhole(each, { message });
            expect(performance.now() - started).toBeLessThan(2000);
          }
        }
      }
    },
    120_000,
  );
});
