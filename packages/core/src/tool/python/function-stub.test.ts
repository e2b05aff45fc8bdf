import fc from "fast-check";
import { expect, test } from "vitest";
import { inspectStubs } from "../../../test/inspect-stubs.js";
import type { JsonObject, JsonValue } from "../../json.js";
import { declare } from "../declaration.js";
import { docstringText } from "./function-stub.js";
import { reservedReason, toIdentifier, toParameterName } from "./identifier.js";
import { toDocumentation } from "./literal.js";

const fragments = [
  "\n\nimport os\nos.abort()\n",
  '"""\n    ...\nraise SystemExit\n',
  "= exec('x')",
  " ",
  ...'" """ \'\'\' \\ \n \r \t \f \0 # ) ] } : , = None a \u2028 \u202e \ufeff \ud800 😀 ﬁ class é _ __ 0 ->'.split(
    " ",
  ),
];
const fragment = fc.constantFrom(...fragments);
const text = fc.oneof(fc.string({ unit: fragment, maxLength: 8 }), fc.string());
const filled = text.map((value) => (value.trim() === "" ? "a" : value));

const json = fc.jsonValue({ maxDepth: 2, stringUnit: "binary" }) as fc.Arbitrary<JsonValue>;
const leaf = fc.oneof(
  fc.record({ type: fc.constantFrom("string", "integer", "number", "boolean", "null") }),
  fc.record({ enum: fc.array(json, { minLength: 1, maxLength: 4 }) }),
  fc.record({ const: json }),
  fc.record({ type: fc.constant("string"), pattern: text, format: text, minLength: fc.nat() }),
);
const schema = fc.letrec<{ schema: JsonValue; object: JsonObject }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.record({ type: fc.constant("array"), items: tie("schema"), description: text }),
    fc.record({
      anyOf: fc.array(tie("schema"), { minLength: 1, maxLength: 3 }),
      description: text,
    }),
    tie("object"),
  ) as fc.Arbitrary<JsonValue>,
  object: fc
    .uniqueArray(fc.tuple(text, tie("schema"), fc.boolean(), text, fc.option(json)), {
      maxLength: 4,
      selector: ([key]) => toParameterName(key),
    })
    .map((properties) => ({
      type: "object",
      properties: Object.fromEntries(
        properties.map(([key, value, , description, fallback]) => [
          key,
          { allOf: [value], description, ...(fallback === null ? {} : { default: fallback }) },
        ]),
      ),
      required: properties.filter(([, , required]) => required).map(([key]) => key),
    })) as fc.Arbitrary<JsonObject>,
}));

const tools = fc.record({
  name: filled.filter((name) => reservedReason(toIdentifier(name)) === undefined),
  description: filled,
  input: schema.object,
  output: schema.schema,
});

/** A Standard Schema of a library that validates nothing, so that only its JSON Schema counts. */
function described(document: JsonValue) {
  const convert = () => document as JsonObject;
  return {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: (value: unknown) => ({ value }),
      jsonSchema: { input: convert, output: convert },
    },
  } as const;
}

test("whatever a third party writes into a tool, its stub has exactly the intended shape", async () => {
  const samples = fc.sample(tools, 600);
  const declared = samples.map(({ name, description, input, output }) =>
    declare({
      name,
      description,
      inputSchema: described(input),
      outputSchema: described(output),
      execute: () => 0,
    }),
  );
  const inspected = await inspectStubs(declared.map(({ declaration }) => declaration));
  for (const [index, { declaration }] of declared.entries()) {
    const found = inspected[index]!;
    const { description, input } = samples[index]!;
    const { pythonName, parameters, stub } = declaration;
    if (parameters === "value") throw new Error("an object input becomes parameters");
    expect(found.error, stub).toBeUndefined();
    expect(found.last).toBe("FunctionDef");
    expect(["Assign", "ClassDef", "FunctionDef", "ImportFrom"]).toEqual(
      expect.arrayContaining(found.kinds),
    );
    expect(found.name).toBe(pythonName);
    expect(found.names).toEqual(parameters.map((parameter) => parameter.pythonName));
    expect(found.others).toBe(false);
    expect(found.body).toEqual(["Constant:str", "Constant:ellipsis"]);
    const head = docstringText({ description, parameters: [], returnComment: "" }).trimEnd();
    expect(found.doc.startsWith(toDocumentation(head)), stub).toBe(true);
    const properties = (input["properties"] ?? {}) as JsonObject;
    const defaults = parameters
      .filter(({ required }) => !required)
      .map(({ name }) => (properties[name] as JsonObject)["default"] ?? null);
    expect(found.defaults).toEqual(JSON.parse(JSON.stringify(defaults)));
  }
});
