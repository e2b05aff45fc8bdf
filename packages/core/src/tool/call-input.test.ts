import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { ToolDeclaration } from "../executor/tool-call.js";
import { callInput } from "./call-input.js";
import { declare } from "./declaration.js";

function declarationOf(inputSchema: z.ZodType): ToolDeclaration {
  return declare({ name: "f", description: "Does it.", inputSchema, execute: () => 0 }).declaration;
}

describe("a tool with parameters", () => {
  const declaration = declarationOf(
    z.object({
      unit: z.string().optional(),
      from: z.string(),
      note: z.string().nullish(),
    }),
  );
  test("takes arguments by position, required ones first", () => {
    expect(callInput(declaration, ["Oslo", "c"])).toEqual({ from: "Oslo", unit: "c" });
    expect(callInput(declaration, [])).toEqual({});
  });
  test("takes arguments by name and by the name in Python", () => {
    expect(callInput(declaration, { from: "Oslo" })).toEqual({ from: "Oslo" });
    expect(callInput(declaration, { from_: "Oslo" })).toEqual({ from: "Oslo" });
    expect(callInput(declaration, { from: "a", from_: "b" })).toEqual({ from: "a", from_: "b" });
    expect(callInput(declaration, { other: 1 })).toEqual({ other: 1 });
  });
  test("takes null as omitted only where it means nothing else", () => {
    expect(callInput(declaration, { from: null, unit: null, note: null })).toEqual({
      from: null,
      note: null,
    });
    expect(callInput(declaration, ["Oslo", null, null])).toEqual({ from: "Oslo", note: null });
  });
  test("leaves surplus arguments to be refused", () => {
    expect(callInput(declaration, ["a", "b", "c", "d"])).toEqual(["a", "b", "c", "d"]);
  });
  test("keeps a member named __proto__", () => {
    const input = callInput(declaration, JSON.parse('{"__proto__": 1}'));
    expect(Object.keys(input as object)).toEqual(["__proto__"]);
  });
});

test("a tool with a single value takes it by position or name, or the arguments themselves", () => {
  const declaration = declarationOf(z.record(z.string(), z.int()));
  expect(callInput(declaration, [{ a: 1 }])).toEqual({ a: 1 });
  expect(callInput(declaration, { value: { a: 1 } })).toEqual({ a: 1 });
  expect(callInput(declaration, { a: 1 })).toEqual({ a: 1 });
  expect(callInput(declaration, [1, 2])).toEqual([1, 2]);
});
