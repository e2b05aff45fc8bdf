import { afterEach, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import * as z40 from "zod-4-0";
import * as z41 from "zod-4-1";
import * as mini from "zod/mini";
import { jsonSchema } from "./json-schema.js";
import { toJsonSchema } from "./to-json-schema.js";

const owner = { label: "The schema" };
const expected = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  properties: {
    city: { type: "string", description: "City name" },
    days: { type: "array", items: { type: "number" } },
    at: { type: "string", format: "date-time" },
  },
  required: ["city", "at"],
};

afterEach(() => {
  vi.doUnmock("zod");
  vi.resetModules();
});

describe("schemas of every zod give the same document", () => {
  const table = Object.entries({ z, z41, z40 }).map(([version, lib]) => {
    const { object, string, array, number, coerce } = lib as typeof z;
    const city = string().describe("City name");
    return {
      version,
      schema: object({ city, days: array(number()).optional(), at: coerce.date() }),
    };
  });
  test.each(table)("$version", ({ schema }) => {
    expect(toJsonSchema(schema, "input", owner)).toEqual(expected);
  });

  test.each(["zod-4-0", "zod-4-1"])("with %s as the peer", async (peer) => {
    vi.resetModules();
    vi.doMock("zod", async () => ({ fromJSONSchema: undefined, ...(await import(peer)) }));
    const fresh = await import("./to-json-schema.js");
    for (const { schema } of table) {
      expect(fresh.toJsonSchema(schema, "input", owner)).toEqual(expected);
    }
    expect(() => fresh.toJsonSchema(z.object({ a: z.date() }), "input", owner)).toThrow(
      /"a" is a date/,
    );
    expect(() => fresh.toJsonSchema({ type: "string" }, "input", owner)).toThrow(
      /no fromJSONSchema. Install zod 4.3/,
    );
  });

  test("zod/mini", () => {
    const schema = mini.object({ a: mini.optional(mini.string()) });
    expect(toJsonSchema(schema, "input", owner)).toMatchObject({
      properties: { a: { type: "string" } },
    });
  });

  test("mixed in one schema", () => {
    const schema = z.object({ a: z40.string().describe("Older") as unknown as z.ZodType });
    expect(toJsonSchema(schema, "input", owner)).toMatchObject({
      properties: { a: { type: "string", description: "Older" } },
    });
  });
});

test("the two sides of a schema differ", () => {
  const schema = z.object({
    a: z.string().default("x"),
    b: z.string().transform(Number).pipe(z.int()),
  });
  expect(toJsonSchema(schema, "input", owner)).toMatchObject({
    properties: { b: { type: "string" } },
    required: ["b"],
  });
  expect(toJsonSchema(schema, "output", owner)).toMatchObject({
    properties: { b: { type: "integer" } },
    required: ["a", "b"],
  });
});

test("documents and other libraries are taken at their word", () => {
  const document = { type: "string" as const, minLength: 2 };
  expect(toJsonSchema(document, "input", owner)).toBe(document);
  expect(toJsonSchema(jsonSchema(document), "output", owner)).toBe(document);
  const foreign = {
    "~standard": {
      version: 1 as const,
      vendor: "acme",
      validate: (value: unknown) => ({ value }),
      jsonSchema: {
        input: ({ target }: { target: string }) => ({ title: target }),
        output: () => {
          throw new Error("no output");
        },
      },
    },
  };
  expect(toJsonSchema(foreign, "input", owner)).toEqual({ title: "draft-2020-12" });
  expect(() => toJsonSchema(foreign, "output", owner)).toThrow("The schema is unusable: no output");
});

test("a meta type makes a custom schema representable, through wrappers too", () => {
  const schema = z.object({
    a: z.custom<Date>().optional().meta({ type: "string" }),
    b: z.custom<Date>().meta({ type: "string" }).optional(),
    c: z40.custom<Date>().meta({ type: "string" }) as unknown as z.ZodType,
  });
  expect(toJsonSchema(schema, "input", owner)).toMatchObject({
    properties: { a: { type: "string" }, b: { type: "string" }, c: { type: "string" } },
  });
});

test("every problem is named at once", () => {
  const schema = z.object({
    a: z.date().nullable().optional().describe("A"),
    b: z.union([z.string(), z.map(z.string(), z.any())]),
    c: z.record(z.string(), z.array(z.tuple([z.bigint()]))),
    d: z.string(),
  });
  const problemsOf = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      return (error as Error).message.match(/"[^"]+" is an? \w+/g)?.sort();
    }
    return undefined;
  };
  expect(problemsOf(() => toJsonSchema(schema, "input", owner))).toEqual([
    '"a" is a date',
    '"b" is a Map',
    '"c[*][][]" is a bigint',
  ]);
});
