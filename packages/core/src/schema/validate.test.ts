import { describe, expect, test } from "vitest";
import * as z from "zod";
import * as z40 from "zod-4-0";
import { jsonSchema } from "./json-schema.js";
import { validate } from "./validate.js";

test("gives the parsed value", async () => {
  const schema = z.object({ a: z.string().default("x"), at: z.coerce.date() });
  expect(await validate(schema, { at: "1970-01-01" })).toEqual({
    ok: true,
    value: { a: "x", at: new Date(0) },
  });
});

test("names the place of each issue", async () => {
  const schema = z40.object({ "odd key": z40.array(z40.object({ n: z40.number().max(3) })) });
  expect(await validate(schema, { "odd key": [{ n: 1 }, { n: "2" }, { n: 4 }] })).toEqual({
    ok: false,
    issues:
      '["odd key"][1].n: Invalid input: expected number, received string; ["odd key"][2].n: Too big: expected number to be <=3',
    wrongType: true,
  });
  expect(await validate(z.number(), "x")).toMatchObject({
    issues: "Invalid input: expected number, received string",
  });
  expect(await validate(z.number().max(3), 4)).toMatchObject({ wrongType: false });
});

test("reads the path segments of other libraries, and waits for them", async () => {
  const schema = {
    "~standard": {
      version: 1 as const,
      vendor: "acme",
      validate: async () => ({ issues: [{ message: "bad", path: [{ key: "a" }, 0] }] }),
    },
  };
  expect(await validate(schema, 1)).toEqual({ ok: false, issues: "a[0]: bad", wrongType: false });
});

describe("plain JSON Schema", () => {
  const document = {
    type: "object",
    properties: {
      name: { type: "string", minLength: 2, pattern: "^[a-z]+$" },
      tags: { type: "array", items: { enum: ["a", "b"] }, uniqueItems: true },
      next: { $ref: "#" },
      size: { type: "integer", default: 3 },
    },
    required: ["name"],
    additionalProperties: false,
  };
  const table: [string, unknown, boolean][] = [
    ["valid", { name: "ab", tags: ["a"], next: { name: "cd" } }, true],
    ["missing", {}, false],
    ["too short", { name: "a" }, false],
    ["no match", { name: "AB" }, false],
    ["no option", { name: "ab", tags: ["c"] }, false],
    ["twice", { name: "ab", tags: ["a", "a"] }, false],
    ["wrong inside the recursion", { name: "ab", next: { name: 1 } }, false],
    ["no integer", { name: "ab", size: 1.5 }, false],
    ["unknown", { name: "ab", other: 1 }, false],
  ];
  test.each(table)("%s", async (_title, value, ok) => {
    expect((await validate(document, value)).ok).toBe(ok);
    expect((await validate(jsonSchema(document), value)).ok).toBe(ok);
  });
  test("fills in defaults", async () => {
    expect(await validate(document, { name: "ab" })).toEqual({
      ok: true,
      value: { name: "ab", size: 3 },
    });
  });
  test("does not reach zod's global registry", async () => {
    jsonSchema({ type: "string", title: "T", id: "shared" });
    expect(() => z.toJSONSchema(z.string().meta({ id: "shared" }))).not.toThrow();
    expect(jsonSchema({ type: "string", id: "shared" })).toBeDefined();
  });
  test("what cannot be validated is refused when the document is given", () => {
    expect(() => jsonSchema({ not: { type: "string" } })).toThrow(
      expect.objectContaining({
        code: "invalid-tool",
        message: expect.stringMatching(/not is not/),
      }),
    );
  });
});
