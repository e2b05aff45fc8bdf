import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonValue } from "../../json.js";
import { toIdentifier, toParameterName } from "./identifier.js";
import {
  commentText,
  docstring,
  toDocumentation,
  pythonLiteral,
  stringLiteral,
} from "./literal.js";

const pieces =
  '" "" """ \'\'\' \\ \\\\ \n \r \r\n \f \v \0 \x1b # \u2028 \u202e \ufeff \ud800 😀 ﬁ é { } % N{DIGIT ONE} x41'.split(
    " ",
  );
const nasty = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(...pieces) }),
);

/** Parses expressions with Python and gives back their values; strings as code points. */
function evaluate(expressions: readonly string[]): unknown[] {
  const script = `
import ast, json, sys
def plain(value):
    if isinstance(value, str): return [ord(c) for c in value]
    if isinstance(value, list): return {"list": [plain(item) for item in value]}
    if isinstance(value, dict): return {"dict": [[plain(k), plain(v)] for k, v in value.items()]}
    return value
def parse(source):
    body = ast.parse(source, feature_version=(3, 9)).body
    assert len(body) == 1, source
    return plain(ast.literal_eval(body[0].value))
json.dump([parse(source) for source in json.load(sys.stdin)], sys.stdout)`;
  const result = spawnSync("python3", ["-X", "utf8", "-c", script], {
    input: JSON.stringify(expressions),
    encoding: "utf8",
    maxBuffer: 1e9,
  });
  expect(result.stderr).toBe("");
  return JSON.parse(result.stdout) as unknown[];
}

function plain(value: JsonValue): unknown {
  if (typeof value === "string") return [...value].map((character) => character.codePointAt(0));
  if (Array.isArray(value)) return { list: value.map(plain) };
  if (typeof value !== "object" || value === null) return value;
  return { dict: Object.entries(value).map(([key, item]) => [plain(key), plain(item)]) };
}

test("Python reads every string literal as the string", () => {
  const texts = fc.sample(nasty, 2000);
  expect(evaluate(texts.map(stringLiteral))).toEqual(texts.map(plain));
});

test("Python reads every docstring as the text, with line feeds as line ends and whole characters", () => {
  const texts = fc.sample(nasty, 2000);
  expect(evaluate(texts.map(docstring))).toEqual(texts.map(toDocumentation).map(plain));
});

test("Python reads every JSON value as the value", () => {
  const values = fc.sample(fc.jsonValue({ maxDepth: 4 }), 1000).map((value) => value as JsonValue);
  // JSON knows no negative zero.
  const normal = values.map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);
  expect(evaluate(normal.map(pythonLiteral))).toEqual(normal.map(plain));
});

test("Numbers that JSON lacks stay numbers", () => {
  expect([Number.NaN, Number.POSITIVE_INFINITY].map(pythonLiteral)).toEqual([
    'float("NaN")',
    'float("Infinity")',
  ]);
});

test("literals and docstrings show no control, format or separator character", () => {
  fc.assert(
    fc.property(nasty, (text) => {
      expect(stringLiteral(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      expect(docstring(text).replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    }),
  );
});

test("a comment stays on its line", () => {
  fc.assert(
    fc.property(nasty, (text) => {
      expect(commentText(text)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u);
    }),
  );
});

test("any name becomes an identifier that Python leaves as it is", () => {
  const words = [
    "class",
    "None",
    "__debug__",
    "from",
    "match",
    "1a",
    "",
    "größe",
    "城市",
    "ﬁ",
    "K",
  ];
  const names = [
    ...words,
    ...fc.sample(nasty, 2000),
    ...fc.sample(fc.string({ unit: "binary" }), 2000),
  ];
  const identifiers = names.map(toParameterName);
  const script = `
import json, keyword, sys, unicodedata
for name in json.load(sys.stdin):
    assert name.isidentifier() and not keyword.iskeyword(name), ascii(name)
    assert unicodedata.normalize("NFKC", name) == name, ascii(name)
    exec("def f(%s): pass" % name)
`;
  const result = spawnSync("python3", ["-X", "utf8", "-c", script], {
    input: JSON.stringify(identifiers),
    encoding: "utf8",
  });
  expect(result.stderr).toBe("");
  expect(identifiers.slice(0, words.length)).toEqual([
    "class_",
    "None_",
    "__debug___",
    "from_",
    "match",
    "_1a",
    "_",
    "größe",
    "城市",
    "fi",
    "K",
  ]);
});

test("every letter in the Basic Multilingual Plane that is kept is one in Python", () => {
  const letters = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code))
    .filter((character) => !/\p{Cs}/u.test(character))
    .map((character) => toIdentifier(`a${character}`));
  const script = `
import json, sys
print(json.dumps([name for name in json.load(sys.stdin) if not name.isidentifier()]))`;
  const result = spawnSync("python3", ["-X", "utf8", "-c", script], {
    input: JSON.stringify(letters),
    encoding: "utf8",
  });
  expect(JSON.parse(result.stdout)).toEqual([]);
});
