import { describe, expect, test } from "vitest";
import * as z from "zod";
import { declare } from "./declaration.js";

describe("tools that cannot be offered are refused with a reason", () => {
  const valid = { name: "f", description: "Does it.", inputSchema: z.object({}), execute: () => 0 };
  const table: [string, object, RegExp][] = [
    ["no name", { name: "" }, /no name/],
    ["a name of another type", { name: undefined }, /no name/],
    ["no description", { description: " " }, /"f" has no description/],
    ["no schema", { inputSchema: undefined }, /no inputSchema/],
    ["something else as schema", { inputSchema: 3 }, /not a schema/],
    ["no execute", { execute: undefined }, /no execute/],
    ["an endless time-out", { timeoutMs: Number.POSITIVE_INFINITY }, /timeoutMs Infinity/],
    ["a negative time-out", { timeoutMs: -1 }, /timeoutMs -1/],
    ["a keyword", { name: "import" }, /"import" is a keyword/],
    ["a builtin", { name: "print" }, /"print" would hide a builtin/],
    ["a builtin by alias", { name: "ｐrint" }, /becomes print in Python, which would hide/],
    ["an exception", { name: "ValueError" }, /would hide a builtin/],
    ["a name of the runtime", { name: "final_answer" }, /is reserved/],
    ["a name of typing", { name: "Optional" }, /typing/],
    ["a dunder", { name: "__name__" }, /has a meaning/],
    ["only symbols", { name: "!?" }, /has a meaning/],
    [
      "two properties with one alias",
      { inputSchema: z.object({ "a-b": z.int(), a_b: z.int() }) },
      /"a-b" and "a_b"/,
    ],
    ["a date", { inputSchema: z.object({ at: z.date() }) }, /"at" is a date.*z\.coerce\.date/],
    [
      "a nested bigint",
      { inputSchema: z.object({ a: z.array(z.object({ b: z.bigint() })) }) },
      /"a\[\]\.b" is a bigint/,
    ],
    [
      "an optional map",
      { inputSchema: z.object({ a: z.map(z.string(), z.int()).optional() }) },
      /"a" is a Map.*z\.record/,
    ],
    [
      "a set",
      { inputSchema: z.object({ a: z.set(z.int()).describe("x") }) },
      /"a" is a Set.*z\.array/,
    ],
    ...[z.never(), z.undefined(), z.void()].map((schema): [string, object, RegExp] => [
      `a parameter of the type ${schema.type}`,
      { inputSchema: z.object({ a: schema }) },
      /no value fits the property "a"/,
    ]),
    ["a symbol", { inputSchema: z.object({ a: z.symbol() }) }, /"a" is a symbol/],
    ["a file", { inputSchema: z.object({ a: z.file() }) }, /"a" is a File.*Uint8Array/],
    [
      "a custom type",
      { inputSchema: z.object({ a: z.custom<number>() }) },
      /"a" is a custom type.*meta/,
    ],
    [
      "a bigint literal",
      { inputSchema: z.object({ a: z.literal(1n).optional() }) },
      /"a" is a bigint literal/,
    ],
    [
      "an open transform",
      { outputSchema: z.object({ a: z.string().transform(Number) }) },
      /outputSchema.*"a".*pipe/,
    ],
    ["a dangling reference", { inputSchema: { $ref: "#/$defs/x" } }, /Reference not found/],
    [
      "an unknown keyword",
      { inputSchema: JSON.parse('{ "if": {}, "then": {} }') as object },
      /if\/then\/else/,
    ],
    [
      "zod 3",
      { inputSchema: { "~standard": { version: 1, vendor: "zod", validate: () => ({}) } } },
      /zod 3/,
    ],
    [
      "a library without JSON Schema",
      { inputSchema: { "~standard": { version: 1, vendor: "acme", validate: () => ({}) } } },
      /comes from acme/,
    ],
  ];
  test.each(table)("%s", (_title, change, message) => {
    const tool = { ...valid, ...change } as typeof valid;
    expect(() => declare(tool)).toThrow(
      expect.objectContaining({ code: "invalid-tool", message: expect.stringMatching(message) }),
    );
  });
  test("not an object", () => {
    expect(() => declare(null as never)).toThrow(/not an object/);
  });
});
