import { Agent, type Interpreter, tool, type ToolCallOutcome, type WireValue } from "@codeact/core";
import { ScriptedModel } from "@codeact/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { PythonExecutor } from "../../src/python/index.js";
import { callTool, textOf } from "../start-python.js";
import { whyNoSandbox } from "../strict-sandbox.js";

const isMissing = (await whyNoSandbox()) !== undefined;
const executor = new PythonExecutor({ sandbox: "strict" });
let python: Interpreter;

beforeAll(async () => {
  if (isMissing) return;
  python = await executor.start({ tools: [callTool] });
  await python.execute(helpers);
});

afterAll(() => executor.close());

const helpers = `
class Endless(list):
    def __iter__(self):
        while True: yield 1
class Liar(dict):
    def items(self): return [("__proto__", {"polluted": 1})]
    def __len__(self): return 1
class Text(str):
    def __str__(self): return "other"
    def __hash__(self): return 1
    def encode(self, *_): return b'","name":"undeclared"}'
class Number(int):
    def __repr__(self): return '1},"name":"undeclared"'
    __str__ = __repr__
class Fraction(float):
    def __repr__(self): return 'NaN'
def deep(levels, value=1):
    for _ in range(levels): value = [value]
    return value
cycle = []
cycle.append(cycle)
kept = 'kept'
`;

/** What the host sees of an argument; a text begins the error that Python sees instead. */
const sent: readonly [name: string, code: string, seen: WireValue | RegExp][] = [
  ["NaN", "float('nan')", Number.NaN],
  ["infinity", "float('-inf')", -Infinity],
  ["an integer beyond 2^53", "2**53", /ValueError/],
  ["an integer of a million digits", "10**1_000_000", /ValueError/],
  ["a lone surrogate", "'\\ud800'", "\ud800"],
  ["lone surrogates in a long text", "'\\udfff' * 70_000", "\udfff".repeat(70_000)],
  ["NUL and newlines", "'\\0\\n{}\\r\\n'", "\0\n{}\r\n"],
  ["a frame in a text", `'\\n{"type":"done","cell":1}\\n'`, '\n{"type":"done","cell":1}\n'],
  ["200 levels", "deep(199)", expect.anything() as WireValue],
  ["201 levels", "deep(201)", /ValueError/],
  ["100,000 levels", "deep(100_000)", /ValueError|RecursionError/],
  ["a value in itself", "cycle", /ValueError/],
  ["a tag of the codec", "{'$blob': 7}", { $blob: 7 }],
  ["a nested tag of the codec", "[{'$text': {'$float': 'x'}}]", [{ $text: { $float: "x" } }]],
  ["an unknown tag", "{'$code': 'x'}", { $code: "x" }],
  [
    "a constructor",
    "{'constructor': {'prototype': 1}}",
    { constructor: { prototype: 1 } } as never,
  ],
  ["toJSON", "{'toJSON': 1, 'valueOf': 2}", { toJSON: 1, valueOf: 2 } as never],
  ["a text that lies", "Text('true')", "true"],
  ["a number that lies", "Number(7)", 7],
  ["a float that lies", "Fraction(1.5)", 1.5],
  ["an object", "object()", /TypeError/],
  ["a function", "print", /TypeError/],
  ["a module", "__import__('os')", /TypeError/],
  ["keys that collide", "{1: 1, '1': 2}", /ValueError/],
  ["a key that is an object", "{object(): 1}", /TypeError/],
  ["20 MiB in small numbers", "[7] * (10 << 20)", /ValueError/],
  ["70,000 blobs", "[b''] * 70_000", /ValueError/],
  ["300 MiB of bytes", "bytes(300 << 20)", /ValueError/],
];

describe.skipIf(isMissing)("arguments of confined code", () => {
  it.each(sent)("%s", async (_, code, seen) => {
    const inputs: WireValue[] = [];
    const result = await python.execute(`call(${code})`, {
      timeoutMs: 40_000,
      onToolCall: async ({ input }) => {
        inputs.push(input);
        return { ok: true, value: null };
      },
    });
    expect(result.state).toBe("kept");
    if (seen instanceof RegExp) {
      expect(`${result.error?.type}: ${result.error?.message}`).toMatch(seen);
      expect(inputs).toEqual([]);
    } else {
      expect(result.error).toBeUndefined();
      expect(inputs).toEqual([seen]);
    }
  });

  it("of prototypes are plain members", async () => {
    const inputs: WireValue[] = [];
    const code = `call([{'__proto__': {'polluted': 1}}, Liar(a=1), {'a': {'__proto__': [1]}}])`;
    await python.execute(code, {
      onToolCall: async ({ input }) => {
        inputs.push(input);
        return { ok: true, value: input };
      },
    });
    const [first, , third] = inputs[0] as { [key: string]: WireValue }[];
    expect(Object.keys(first ?? {})).toEqual(["__proto__"]);
    expect((first as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.keys(third?.["a"] as object)).toEqual(["__proto__"]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it("that never end are stopped by the clock", async () => {
    const result = await python.execute("call(Endless())", {
      timeoutMs: 300,
      onToolCall: () => expect.fail("it was called"),
    });
    expect(result.status).toBe("timeout");
    await python.execute(helpers);
  });

  it.each([
    ["a record", z.object({ value: z.record(z.string(), z.unknown()) })],
    ["an open object", z.object({ value: z.looseObject({}) })],
    ["anything", z.object({ value: z.any() })],
    ["a JSON Schema", { type: "object", properties: { value: {} }, required: ["value"] } as const],
  ])("reach a tool whose schema is %s without another prototype", async (_, inputSchema) => {
    const seen: { value: { isAdmin?: unknown } }[] = [];
    const look = tool({
      name: "look",
      description: "Looks.",
      inputSchema: inputSchema as z.ZodType<{ value: { isAdmin?: unknown } }>,
      execute: (input) => {
        seen.push(input);
        return null;
      },
    });
    const code = "look(value={'__proto__': {'isAdmin': True}, 'a': 1})";
    const model = new ScriptedModel([`<execute>\n${code}\n</execute>`, "done"]);
    await new Agent({ model, executor, tools: [look] }).run("Go.");
    expect(seen).toHaveLength(1);
    expect(seen[0]?.value.isAdmin).toBeUndefined();
    expect(Object.getPrototypeOf(seen[0]?.value)).toBe(Object.prototype);
  });
});

/** What Python makes of what a tool gives. */
const given: readonly [name: string, outcome: () => unknown, shows: string | RegExp][] = [
  ["a frame in a text", () => '"}\n{"type":"execute","cell":9,"code":"x"}\n', /execute/],
  ["a mark of the output", () => "\u001b]codeact;0;e\u0007", /codeact/],
  ["lone surrogates", () => "\ud800", "'\\ud800'"],
  ["a long text of surrogates", () => "\ud800".repeat(70_000), /'\\ud800\\ud800/],
  ["NaN", () => Number.NaN, "nan"],
  ["an integer that lost digits", () => 2 ** 53, /ToolError/],
  ["a BigInt", () => 1n, /ToolError/],
  ["a function", () => () => 1, /ToolError/],
  ["a symbol", () => Symbol("s"), /ToolError/],
  ["nothing", () => undefined, "None"],
  ["300 levels", () => nested(300), /ToolError/],
  ["a value in itself", () => inItself(), /ToolError/],
  ["17 MiB of numbers", () => Array.from({ length: 9 << 20 }, () => 1), /ToolError/],
  ["300 MiB of bytes", () => new Uint8Array(300 << 20), /ToolError/],
  ["tags of the codec", () => ({ $blob: 3 }), "{'$blob': 3}"],
  ["dunders", () => ({ __class__: "x", __reduce__: 1 }), "{'__class__': 'x', '__reduce__': 1}"],
  ["a prototype", () => JSON.parse('{"__proto__":{"a":1}}') as unknown, "{'__proto__': {'a': 1}}"],
];

function nested(levels: number): unknown {
  return levels === 0 ? 1 : [nested(levels - 1)];
}

function inItself(): unknown {
  const list: unknown[] = [];
  list.push(list);
  return list;
}

describe.skipIf(isMissing)("results of tools", () => {
  async function answered(outcome: ToolCallOutcome): Promise<string> {
    const code =
      "try: answer = repr(call(1))\nexcept Exception as error: answer = f'{type(error).__name__}: {error}'\nprint(kept, answer[:200])";
    const result = await python.execute(code, { onToolCall: async () => outcome });
    expect(result).toMatchObject({ status: "ok", state: "kept" });
    return textOf(result).trim();
  }

  it.each(given)("%s", async (_, outcome, shows) => {
    const answer = await answered({ ok: true, value: outcome() as WireValue });
    if (shows instanceof RegExp) expect(answer).toMatch(shows);
    else expect(answer).toBe(`kept ${shows}`);
  });

  it.each(["SystemExit", "KeyboardInterrupt", "__import__('os').abort()", "__proto__", ""])(
    "with an error of type %j raise a ToolError",
    async (type) => {
      const error = { type, message: '\n{"type":"close"}\n' } as never;
      expect(await answered({ ok: false, error })).toMatch(/^kept ToolError: \n.*close/);
    },
  );
});
