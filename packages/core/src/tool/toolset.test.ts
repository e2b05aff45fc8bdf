import { expect, test } from "vitest";
import * as z from "zod";
import { inspectStubs } from "../../test/inspect-stubs.js";
import { tool } from "./tool.js";
import { createToolset, declareTools } from "./toolset.js";

function named(name: string, outputSchema?: z.ZodType) {
  return tool({
    name,
    description: `Does ${name}.`,
    inputSchema: z.object({ a: z.object({ b: z.string() }) }),
    ...(outputSchema && { outputSchema }),
    execute: () => 0,
  });
}

test("gives tools by name, with declarations and descriptions in their order", () => {
  const [search, read] = [named("search"), named("read-file", z.int())];
  const toolset = createToolset([search, read]);
  expect(toolset.get("search")).toBe(search);
  expect(toolset.get("read-file")).toBe(read);
  expect(toolset.get("read_file")).toBeUndefined();
  expect(toolset.get("constructor")).toBeUndefined();
  expect(toolset.declarations.map(({ pythonName }) => pythonName)).toEqual(["search", "read_file"]);
  expect(toolset.descriptions).toEqual([
    {
      description: "Does search.",
      declaration: toolset.declarations[0],
      inputSchema: expect.objectContaining({ type: "object" }) as object,
    },
    {
      description: "Does read-file.",
      declaration: toolset.declarations[1],
      inputSchema: expect.objectContaining({ type: "object" }) as object,
      outputSchema: expect.objectContaining({ type: "integer" }) as object,
    },
  ]);
});

test("declares a tool once, however many agents take it", () => {
  const search = named("search");
  expect(declareTools([search])[0]).toBe(declareTools([search])[0]);
});

test("refuses two tools of one name", () => {
  const refused = (names: string[]) => () => createToolset(names.map((name) => named(name)));
  expect(refused(["a_b", "a_b"])).toThrow(
    expect.objectContaining({
      code: "invalid-tool",
      message: expect.stringMatching(/named "a_b"/),
    }),
  );
  expect(refused(["a-b", "a_b"])).toThrow(/"a-b" and "a_b" would both be a_b in Python/);
  expect(refused(["ﬁle", "file"])).toThrow(/would both be file in Python/);
});

test("types of tools with similar names stay apart", async () => {
  const output = z.object({ c: z.string() });
  const declarations = declareTools([
    named("getA", output),
    named("get_a", output),
    named("getA_"),
  ]);
  // All in one namespace, as an interpreter may execute them.
  const [found] = await inspectStubs([
    { pythonName: "getA_", stub: declarations.map(({ stub }) => stub).join("\n") },
  ]);
  expect(found?.error).toBeUndefined();
  expect(Object.keys(found?.typedDicts ?? {}).sort()).toEqual(
    ["GetAA", "GetAResult", "GetA2A", "GetA2Result", "GetA3A"].sort(),
  );
});
