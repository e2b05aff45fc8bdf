import { beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import * as z40 from "zod-4-0";
import { type InspectedStub, inspectStubs } from "../../test/inspect-stubs.js";
import type { Schema } from "../schema/schema.js";
import { category, parameters, person, rows } from "./declaration.cases.js";
import { type DeclaredTool, declare } from "./declaration.js";

/** The kinds of zod, of which each version may have more: those without a JSON Schema are refused. */
const kinds = {
  any: "a parameter",
  array: "a parameter",
  bigint: z.bigint(),
  boolean: "a parameter",
  catch: "a parameter",
  custom: z.custom<number>(),
  date: z.date(),
  default: "a parameter",
  enum: "a parameter",
  file: z.file(),
  function: z.function(),
  int: "no schema has it: z.int() is a number",
  intersection: "a parameter",
  lazy: "a parameter",
  literal: "a parameter",
  map: z.map(z.string(), z.int()),
  nan: "a parameter",
  never: "a parameter",
  nonoptional: "a parameter",
  null: "a parameter",
  nullable: "a parameter",
  number: "a parameter",
  object: "a parameter",
  optional: "a parameter",
  pipe: "a parameter",
  prefault: "a parameter",
  promise: "a parameter",
  readonly: "a parameter",
  record: "a parameter",
  set: z.set(z.int()),
  string: "a parameter",
  success: "a parameter",
  symbol: z.symbol(),
  template_literal: "a parameter",
  transform: "a parameter",
  tuple: "a parameter",
  undefined: "a parameter",
  union: "a parameter",
  unknown: "a parameter",
  void: "a parameter",
} satisfies Record<z.core.$ZodTypeDef["type"], string | z.ZodType | z.ZodFunction>;

/** The kinds in a schema and below it. */
function kindsIn(schema: unknown, found = new Set<string>(), visited = new Set<unknown>()) {
  if (typeof schema !== "object" || schema === null || visited.has(schema)) return found;
  visited.add(schema);
  const def = (schema as { _zod?: { def: { type: string } } })._zod?.def;
  if (def) found.add(def.type);
  for (const part of Object.values(def ?? schema)) kindsIn(part, found, visited);
  return found;
}

test("the parameters have every kind that is not refused, and no other", () => {
  const found = new Set(parameters.flatMap(([schema]) => [...kindsIn(schema)]));
  const expected = Object.entries(kinds).filter(([, kind]) => kind === "a parameter");
  const refused = Object.entries(kinds).filter(([, kind]) => typeof kind !== "string");
  expect(expected.map(([kind]) => kind).filter((kind) => !found.has(kind))).toEqual([]);
  for (const [kind, schema] of refused) {
    expect(() => declareWith(wrap(schema)), kind).toThrowError(
      expect.objectContaining({
        code: "invalid-tool",
        message: expect.stringMatching(/"a" is an? /) as string,
      }) as Error,
    );
  }
});

async function inspectAll(tools: readonly DeclaredTool[]): Promise<InspectedStub[]> {
  return inspectStubs(tools.map(({ declaration }) => declaration));
}

function declareWith(inputSchema: Schema): DeclaredTool {
  return declare({ name: "f", description: "Does it.", inputSchema, execute: () => 0 });
}
const wrap = (schema: unknown): Schema => z.object({ a: schema as z.ZodType });

describe("every zod kind with a JSON Schema becomes a parameter that Python understands", () => {
  const tools = parameters.map(([schema]) => declareWith(wrap(schema)));
  let inspected: InspectedStub[] = [];
  beforeAll(async () => {
    inspected = await inspectAll(tools);
  });
  test.each(parameters.map(([, expected], index) => ({ index, expected })))(
    "$index: $expected",
    ({ index, expected }) => {
      const { error, parameters: names, hints } = inspected[index]!;
      const { signature, declaration } = tools[index]!;
      expect(error, declaration.stub).toBeUndefined();
      expect(names).toEqual(["a"]);
      expect(hints).toEqual(["a", "return"]);
      expect(signature).toBe(`f(${expected}) -> Any`);
    },
  );
});

test("a stub reads like Python that a person wrote", () => {
  const { stub, parameters } = declare({
    name: "get-weather",
    description: 'Current weather of a city. Says "hi".\r\nCached for an hour.',
    inputSchema: z.object({
      city: z.string().min(1).describe("City name"),
      unit: z.enum(["c", "f"]).default("c").describe("Unit of temperature\nof the result"),
      from: z.iso.date().optional(),
      "max-results": z.int().min(1).max(50).default(10),
      note: z.nullable(z.string()).optional(),
    }),
    outputSchema: z
      .object({
        celsius: z.number().gte(-273.15).describe("Temperature"),
        days: z.array(z.object({ date: z.iso.date(), "wind-speed": z.number().optional() })),
        note: z.string().optional(),
      })
      .describe("The weather now"),
    execute: () => ({ celsius: 1, days: [] }),
  }).declaration;
  expect(stub).toBe(`from typing import Literal, Optional, TypedDict

class GetWeatherResultDaysItemRequired(TypedDict):
    date: str  # format: date
GetWeatherResultDaysItemOptional = TypedDict("GetWeatherResultDaysItemOptional", {
    "wind-speed": float,
}, total=False)
class GetWeatherResultDaysItem(GetWeatherResultDaysItemRequired, GetWeatherResultDaysItemOptional):
    pass

class GetWeatherResultRequired(TypedDict):
    celsius: float  # Temperature (at least -273.15)
    days: list[GetWeatherResultDaysItem]
# The weather now
class GetWeatherResult(GetWeatherResultRequired, total=False):
    note: str

def get_weather(
    city: str,
    unit: Literal["c", "f"] = "c",
    from_: Optional[str] = None,
    max_results: int = 10,
    note: Optional[str] = None,
) -> GetWeatherResult:
    """Current weather of a city. Says "hi".
    Cached for an hour.

    Args:
        city: City name (at least 1 character)
        unit: Unit of temperature
            of the result
        from_: format: date
        max_results: 1 to 50

    Returns:
        The weather now
    """
    ...
`);
  expect(parameters).toEqual([
    { name: "city", pythonName: "city", required: true, nullable: false },
    { name: "unit", pythonName: "unit", required: false, nullable: false },
    { name: "from", pythonName: "from_", required: false, nullable: false },
    { name: "max-results", pythonName: "max_results", required: false, nullable: false },
    { name: "note", pythonName: "note", required: false, nullable: true },
  ]);
});

test("required parameters come first, whatever the order of the properties", async () => {
  const tool = declareWith(z.object({ a: z.string().default("x"), b: z.string() }));
  expect(tool.signature).toBe('f(b: str, a: str = "x") -> Any');
  expect((await inspectAll([tool]))[0]).toMatchObject({ names: ["b", "a"], defaults: ["x"] });
});

test("objects without known properties", () => {
  const declarationOf = (schema: Schema) => declareWith(schema).declaration.parameters;
  expect(declarationOf(z.object({}))).toEqual([]);
  expect(declarationOf({ type: "object" })).toEqual([]);
  expect(declarationOf(z.looseObject({}))).toBe("value");
  expect(declarationOf(z.record(z.string(), z.int()))).toBe("value");
});

test("typed dicts keep required and optional keys apart, equal ones are shared", async () => {
  const pair = z.object({ x: z.int(), "y-z": z.int().optional(), __p: z.int().optional() });
  const tool = declareWith(z.object({ first: pair, second: pair, third: z.array(pair) }));
  const [found] = await inspectAll([tool]);
  expect(found?.error).toBeUndefined();
  expect(found?.typedDicts["FFirst"]).toEqual({ required: ["x"], optional: ["__p", "y-z"] });
  expect(tool.signature).toBe("f(first: FFirst, second: FFirst, third: list[FFirst]) -> Any");
});

describe("inputs that are no object become the parameter value", () => {
  const table: [unknown, string][] = [
    [z.string(), "str"],
    [z.string().optional(), "str"],
    [z.array(z.int()), "list[int]"],
    [z.record(z.string(), z.int()), "dict[str, int]"],
    [z.nullable(person), "Optional[FValue]"],
    [z.union([z.string(), person]), "Union[str, FValueOption2]"],
    [z.json(), "FValue"],
    [{ anyOf: [{ type: "string" }, { type: "null" }] }, "Optional[str]"],
  ];
  test.each(table)("%#: %$", async (schema, type) => {
    const tool = declareWith(schema as Schema);
    const [found] = await inspectAll([tool]);
    expect(tool.declaration.parameters).toBe("value");
    expect(found?.error, tool.declaration.stub).toBeUndefined();
    expect(tool.signature).toBe(`f(value: ${type}) -> Any`);
  });
});

describe("outputs become the return type", () => {
  const table = rows(
    [z.void(), "None"],
    [z.undefined(), "None"],
    [z.date(), "str"],
    [z.bigint(), "int"],
    [z.instanceof(Uint8Array), "bytes"],
    [z.string().transform(Number).pipe(z.int()), "int"],
    [z.codec(z.string(), z.number(), { decode: Number, encode: String }), "float"],
    [z.stringbool(), "bool"],
    [z.string().catch("x"), "str"],
    [person, "FResult"],
    [z.object({ x: z.string().default("x") }), "FResult"],
    [z.array(z.tuple([z.string(), z.int()])), "list[tuple[str, int]]"],
    [category, "FResult"],
    [z.record(z.string(), category), "dict[str, FResultValue]"],
    [z40.array(z40.object({ at: z40.date() })), "list[FResultItem]"],
  );
  let inspected: InspectedStub[] = [];
  const tools = table.map(([schema]) =>
    declare({
      name: "f",
      description: "Does it.",
      inputSchema: z.object({}),
      outputSchema: schema as Schema,
      execute: () => 0,
    }),
  );
  beforeAll(async () => {
    inspected = await inspectAll(tools);
  });
  test.each(table.map(([, expected], index) => ({ index, expected })))(
    "$index: $expected",
    ({ index, expected }) => {
      expect(inspected[index]?.error, tools[index]?.declaration.stub).toBeUndefined();
      expect(inspected[index]?.hints).toEqual(["return"]);
      expect(tools[index]?.signature).toBe(`f() -> ${expected}`);
    },
  );
  test("a key with a default is always there", () => {
    expect(inspected[10]?.typedDicts["FResult"]).toEqual({ required: ["x"], optional: [] });
  });
});

describe("JSON Schema documents as others write them", () => {
  const table: [Schema, string][] = [
    [
      { type: "object", properties: { a: { type: ["string", "null"] } } },
      "a: Optional[str] = None",
    ],
    [{ type: "object", properties: { a: {} }, required: ["a"] }, "a: Any"],
    [
      { type: "object", properties: { a: true, b: { const: 3 } }, required: ["b"] },
      "b: Literal[3], a: Any = None",
    ],
    [
      {
        $ref: "#/definitions/Input",
        definitions: {
          Input: {
            type: "object",
            properties: { a: { $ref: "#/definitions/Unit" } },
            required: ["a"],
          },
          Unit: { enum: ["c", "f"], description: "Unit" },
        },
      },
      'a: Literal["c", "f"]',
    ],
    [
      {
        allOf: [
          { type: "object", properties: { a: { type: "string" } }, required: ["a"] },
          { type: "object", properties: { b: { type: "integer", default: 3 } } },
        ],
      },
      "a: str, b: int = 3",
    ],
    [
      {
        type: "object",
        properties: { a: { $ref: "#/$defs/Tree Node" } },
        required: ["a"],
        $defs: {
          "Tree Node": {
            type: "object",
            properties: { kids: { type: "array", items: { $ref: "#/$defs/Tree Node" } } },
          },
        },
      },
      "a: FTreeNode",
    ],
    [
      {
        type: "object",
        properties: { a: { type: "array", items: [{ type: "string" }] } },
        required: ["a"],
      },
      "a: tuple[str]",
    ],
  ];
  test.each(table)("%#", async (schema, expected) => {
    const tool = declareWith(schema);
    const [found] = await inspectAll([tool]);
    expect(found?.error, tool.declaration.stub).toBeUndefined();
    expect(tool.signature, tool.declaration.stub).toBe(`f(${expected}) -> Any`);
  });
});
