import { expect, test } from "vitest";
import * as z from "zod";
import { inspectStubs } from "../../test/inspect-stubs.js";
import { describeAnswer } from "./answer-declaration.js";

test("without a schema the answer is text", () => {
  const { declaration, description } = describeAnswer(undefined);
  expect(description).toEqual({ type: "str", definitions: "" });
  expect(declaration.stub).toContain("def final_answer(value: str) -> NoReturn:");
});

test("a schema gives its type, the definitions and the JSON Schema", async () => {
  const { declaration, description } = describeAnswer(
    z.object({ cities: z.array(z.object({ name: z.string(), rank: z.int().optional() })) }),
  );
  expect(description).toEqual({
    type: "Answer",
    definitions: `from typing import TypedDict

class AnswerCitiesItemRequired(TypedDict):
    name: str
class AnswerCitiesItem(AnswerCitiesItemRequired, total=False):
    rank: int

class Answer(TypedDict):
    cities: list[AnswerCitiesItem]`,
    schema: expect.objectContaining({ type: "object" }) as object,
  });
  expect(declaration.parameters).toEqual([
    { name: "value", pythonName: "value", required: true, nullable: true },
  ]);
  const [found] = await inspectStubs([declaration]);
  expect(found).toMatchObject({ names: ["value"], hints: ["return", "value"] });
  expect(declaration.stub).toContain("def final_answer(value: Answer) -> NoReturn:");
});

test("the answer is what the model gives, before transforms", () => {
  expect(describeAnswer(z.string().transform(Number)).description.type).toBe("str");
  expect(describeAnswer(z.array(z.int())).description).toMatchObject({
    type: "list[int]",
    definitions: "",
  });
});

test("without a schema Python sends the answer as text", () => {
  expect(describeAnswer(undefined).declaration.parameters).toMatchObject([{ asText: true }]);
});

test("an unusable schema is an invalid option", () => {
  expect(() => describeAnswer(z.object({ at: z.date() }))).toThrow(
    expect.objectContaining({
      code: "invalid-option",
      message: expect.stringMatching(/outputSchema of the agent.*"at" is a date/),
    }),
  );
});
