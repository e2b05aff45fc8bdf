import type { WireValue } from "../../../executor/tool-call.js";
import { check, checkEqual, checkIncludes, checkStatus } from "../assertions.js";
import { checkUsable, displays, lines, shown } from "../cells.js";
import type { ConformanceCase, ConformanceGroup } from "../conformance-case.js";
import { ToolHost, value } from "../tool-host.js";

interface Mapping {
  python: string;
  host: WireValue;
  /** What comes back to Python. @defaultValue the same expression */
  back?: string;
  /** The module without which there is nothing to check. */
  needs?: string;
  setUp?: string;
}

/** Sends a value to the host and back. */
function roundTrip(
  name: string,
  { python, host, back = python, needs, setUp = "" }: Mapping,
): ConformanceCase {
  return {
    name: needs ? `${name} (needs ${needs})` : name,
    async run(context) {
      if (needs) {
        const probe = await context.run(
          `import importlib.util\nimportlib.util.find_spec("${needs}")`,
        );
        if (displays(probe, "result").length === 0) return;
      }
      const toolHost = new ToolHost();
      const result = await context.run(
        lines(
          setUp,
          `v = echo(${python})`,
          `w = ${back}`,
          "(v == w or v != v and w != w, type(v) is type(w))",
        ),
        { onToolCall: toolHost.handle },
      );
      checkStatus(result, "ok");
      checkEqual(toolHost.inputs, [host], "what the host gets");
      checkEqual(
        shown(result),
        "(True, True)",
        "what Python gets back: equal, and of the same type",
      );
    },
  };
}

function refused(name: string, python: string, errorTypes: readonly string[]): ConformanceCase {
  return {
    name,
    async run(context) {
      const host = new ToolHost();
      const result = await context.run(`echo(${python})`, { onToolCall: host.handle });
      checkStatus(result, "error");
      check(errorTypes.includes(result.error?.type ?? ""), `type is ${result.error?.type}`);
      checkEqual([host.requests.length, result.state], [0, "kept"], "calls and state");
      await checkUsable(await context.shared());
    },
  };
}

function fromHost(name: string, given: WireValue, condition: string): ConformanceCase {
  return {
    name,
    async run(context) {
      const host = new ToolHost({ now: () => value(given) });
      const result = await context.run(`v = now()\n${condition}`, { onToolCall: host.handle });
      checkStatus(result, "ok");
      checkEqual(shown(result), "True", condition);
    },
  };
}

const mebibytes = 10 * 1024 * 1024;

/** Values in both directions. */
export const toolValueGroup: ConformanceGroup = {
  name: "tool values",
  cases: [
    roundTrip("None", { python: "None", host: null }),
    roundTrip("booleans", { python: "[True, False]", host: [true, false] }),
    roundTrip("integers", {
      python: "[0, -1, 2**53 - 1, -(2**53 - 1)]",
      host: [0, -1, 2 ** 53 - 1, -(2 ** 53 - 1)],
    }),
    roundTrip("floats", {
      python: "[0.5, -1e-7, 1.7976931348623157e308]",
      host: [0.5, -1e-7, Number.MAX_VALUE],
      back: "v",
    }),
    roundTrip("NaN", { python: "float('nan')", host: Number.NaN }),
    roundTrip("infinities", {
      python: "[float('inf'), float('-inf')]",
      host: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    }),
    roundTrip("strings", {
      python: "['', 'é 日本 🙂', '\\x00\\n\\r\\u2028', '\\\\\"']",
      host: ["", "é 日本 🙂", "\0\n\r\u2028", '\\"'],
    }),
    roundTrip("a string of 200,000 characters", {
      python: "'ü' * 200_000",
      host: "ü".repeat(200_000),
    }),
    roundTrip("bytes", { python: "b'\\x00\\xff\\n'", host: new Uint8Array([0, 255, 10]) }),
    roundTrip("empty bytes", { python: "b''", host: new Uint8Array() }),
    roundTrip("bytes within containers", {
      python: "{'a': [b'x', 'y', b'z']}",
      host: { a: [new Uint8Array([120]), "y", new Uint8Array([122])] },
    }),
    roundTrip("empty containers", { python: "[[], {}, [[]]]", host: [[], {}, [[]]] }),
    roundTrip("nested containers", {
      python: "{'a': {'b': [1, {'c': None}]}}",
      host: { a: { b: [1, { c: null }] } },
    }),
    roundTrip("80 levels", {
      python: "eval('[' * 80 + ']' * 80)",
      host: JSON.parse(`${"[".repeat(80)}${"]".repeat(80)}`) as WireValue,
    }),
    roundTrip("objects that look like tags", {
      python:
        "[{'$blob': 0}, {'$float': 'NaN'}, {'$object': {'$bytes': ''}}, {'$text': 1}, {'$': 1}]",
      host: [{ $blob: 0 }, { $float: "NaN" }, { $object: { $bytes: "" } }, { $text: 1 }, { $: 1 }],
    }),
    roundTrip("names that objects of JavaScript have", {
      python: "{'constructor': 1, 'toString': 2, 'length': 3}",
      host: { constructor: 1, toString: 2, length: 3 } as unknown as WireValue,
    }),
    roundTrip("tuples as lists", { python: "(1, (2,))", host: [1, [2]], back: "[1, [2]]" }),
    roundTrip("sets as lists", { python: "{3, 1, 2}", host: [1, 2, 3], back: "[1, 2, 3]" }),
    roundTrip("number keys as strings", {
      python: "{1: 'a'}",
      host: { "1": "a" },
      back: "{'1': 'a'}",
    }),
    roundTrip("bytearrays as bytes", {
      python: "bytearray(b'ab')",
      host: new Uint8Array([97, 98]),
      back: "b'ab'",
    }),
    roundTrip("datetimes in ISO 8601", {
      setUp: "import datetime as dt",
      python: "[dt.datetime(2024, 2, 3, 4, 5, tzinfo=dt.timezone.utc), dt.date(2024, 2, 3)]",
      host: ["2024-02-03T04:05:00+00:00", "2024-02-03"],
      back: "['2024-02-03T04:05:00+00:00', '2024-02-03']",
    }),
    roundTrip("decimals as numbers", {
      setUp: "from decimal import Decimal",
      python: "Decimal('1.5')",
      host: 1.5,
      back: "1.5",
    }),
    roundTrip("enums by value", {
      setUp: "import enum\nclass E(enum.Enum):\n    A = 'a'",
      python: "E.A",
      host: "a",
      back: "'a'",
    }),
    roundTrip("data classes as objects", {
      setUp: "import dataclasses\n@dataclasses.dataclass\nclass D:\n    x: int",
      python: "[D(1)]",
      host: [{ x: 1 }],
      back: "[{'x': 1}]",
    }),
    roundTrip("subclasses of plain types", {
      setUp: "class S(str): pass\nclass I(int): pass",
      python: "[S('s'), I(5)]",
      host: ["s", 5],
      back: "['s', 5]",
    }),
    roundTrip("numpy values", {
      needs: "numpy",
      setUp: "import numpy as np",
      python: "[np.int64(3), np.float32(0.5), np.bool_(True), np.array([[1, 2], [3, 4]])]",
      host: [
        3,
        0.5,
        true,
        [
          [1, 2],
          [3, 4],
        ],
      ],
      back: "[3, 0.5, True, [[1, 2], [3, 4]]]",
    }),
    roundTrip("pandas tables as records", {
      needs: "pandas",
      setUp: "import pandas as pd",
      python: "pd.DataFrame({'a': [1, 2], 'b': ['x', None]})",
      host: [
        { a: 1, b: "x" },
        { a: 2, b: null },
      ],
      back: "[{'a': 1, 'b': 'x'}, {'a': 2, 'b': None}]",
    }),
    refused("refuses integers beyond 2**53", "2**53", ["ValueError", "OverflowError"]),
    refused("refuses negative integers beyond 2**53", "[-(2**70)]", [
      "ValueError",
      "OverflowError",
    ]),
    refused("refuses huge integers", "10**5000", ["ValueError", "OverflowError"]),
    refused("refuses objects", "object()", ["TypeError", "ValueError"]),
    refused("refuses functions", "[lambda: 1]", ["TypeError", "ValueError"]),
    refused("refuses a list in itself", "(lambda x: x.append(x) or x)([])", [
      "TypeError",
      "ValueError",
      "RecursionError",
    ]),
    refused("refuses keys that are no names", "{(1, 2): 3}", ["TypeError", "ValueError"]),
    {
      name: "refuses integers beyond 2**53 from the host",
      async run(context) {
        const host = new ToolHost({ now: () => value(2 ** 53 + 2) });
        const result = await context.run("now()", { onToolCall: host.handle });
        checkStatus(result, "error");
        checkEqual(result.state, "kept", "state");
        await checkUsable(await context.shared());
      },
    },
    {
      name: "says in the refusal what to send instead",
      async run(context) {
        const result = await context.run("echo({'rows': [1, 2**60]})", {
          onToolCall: new ToolHost().handle,
        });
        checkIncludes(result.error?.message ?? "", "str", "message");
      },
    },
    fromHost("gives an integer as int", 5, "type(v) is int"),
    fromHost("gives a fraction as float", 0.5, "type(v) is float"),
    fromHost("gives bytes as bytes", new Uint8Array([1, 2]), "v == b'\\x01\\x02'"),
    fromHost(
      "gives a view of a larger buffer as its part",
      new Uint8Array([9, 1, 2, 9]).subarray(1, 3),
      "v == b'\\x01\\x02'",
    ),
    fromHost("gives null as None", null, "v is None"),
    fromHost(
      "gives members named __proto__",
      JSON.parse('{"__proto__": 1}') as WireValue,
      "v == {'__proto__': 1}",
    ),
    fromHost("gives lone surrogates", "\ud800", "v in ('\\ud800', '\\ufffd')"),
    {
      name: "carries 10 MB of text both ways",
      async run(context) {
        const host = new ToolHost();
        const result = await context.run(`v = echo('t' * ${mebibytes})\n(len(v), v[-1])`, {
          onToolCall: host.handle,
        });
        checkStatus(result, "ok");
        checkEqual(shown(result), `(${mebibytes}, 't')`, "value");
        checkEqual(host.inputs[0] === "t".repeat(mebibytes), true, "equality at the host");
      },
    },
    {
      name: "carries 10 MB of bytes both ways",
      async run(context) {
        const host = new ToolHost();
        const result = await context.run(
          `import hashlib\nb = bytes(range(256)) * ${mebibytes / 256}\necho(b) == b`,
          { onToolCall: host.handle },
        );
        checkStatus(result, "ok");
        checkEqual(shown(result), "True", "equality in Python");
        const input = host.inputs[0];
        check(input instanceof Uint8Array && input.length === mebibytes, "bytes at the host");
      },
    },
    {
      name: "carries 50,000 small values",
      async run(context) {
        const host = new ToolHost();
        const result = await context.run(
          "v = [{'i': i, 's': str(i)} for i in range(50_000)]\necho(v) == v",
          {
            onToolCall: host.handle,
          },
        );
        checkEqual(shown(result), "True", "equality in Python");
      },
    },
  ],
};
