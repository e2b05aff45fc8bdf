import * as z from "zod";
import { describe, expect, it } from "vitest";
import { describeAnswer } from "../tool/answer-declaration.js";
import { codeFormat } from "./code-format.js";
import type { InstructionsContext } from "./contract.js";
import { jsonFormat } from "./json-format.js";
import { nativeToolFormat } from "./native-tool-format.js";
import { testTools } from "./tools.test-support.js";
import { textFormat } from "./text-format.js";

const formats = [codeFormat(), nativeToolFormat(), jsonFormat(), textFormat()];
const context: InstructionsContext = {
  tools: [],
  answer: { type: "str", definitions: "" },
  limits: { steps: 20, cellTimeoutMs: 60_000, observationCharacters: 10_000 },
};
const typed = describeAnswer(z.object({ city: z.string(), celsius: z.number() })).description;

describe.each(formats.map((format) => [format.name, format] as const))(
  "the prompt of %s",
  (_name, format) => {
    it("has at most 500 words without tools", () => {
      for (const answer of [context.answer, typed]) {
        const words = format.instructions({ ...context, answer }).split(/\s+/);
        expect(words.length).toBeLessThanOrEqual(500);
      }
    });

    it("is the same for the same context", () => {
      expect(format.instructions(context)).toBe(format.instructions(context));
    });

    it("names the limits", () => {
      const prompt = format.instructions(context);
      expect(prompt).toContain("20 messages");
      expect(prompt).toContain("10000 characters");
      if (format.usesInterpreter) expect(prompt).toContain("60 seconds");
    });

    it("says nothing of limits that there are not", () => {
      const none = Number.POSITIVE_INFINITY;
      const limits = { ...context.limits, steps: none, cellTimeoutMs: none };
      expect(format.instructions({ ...context, limits })).not.toMatch(/Infinity|seconds|at most/);
    });

    it("shows the tools as Python functions, without imports", () => {
      const prompt = format.instructions({ ...context, tools: testTools });
      expect(prompt).toContain("def get_weather(city: str, ");
      expect(prompt).toContain("Weather of a city.");
      expect(prompt).not.toContain("from typing");
      expect(prompt).not.toContain("\n\n\n");
    });

    it("gives the type of the answer", () => {
      const prompt = format.instructions({ ...context, answer: typed });
      expect(prompt).toContain("celsius: float");
      expect(prompt).toContain(` ${typed.type}.`);
      expect(prompt).not.toContain("\n\n\n");
    });
    it.skipIf(!format.usesInterpreter)("says how the objects of an answer are written", () => {
      const note = "A TypedDict is a plain dict";
      const number = describeAnswer(z.number()).description;
      expect(format.instructions({ ...context, answer: typed })).toContain(note);
      expect(format.instructions({ ...context, answer: number })).not.toContain(note);
    });
  },
);

describe("observations and feedback", () => {
  const observation = { action: { type: "code", code: "1" }, text: "4", images: [] } as const;
  const render = (stepsLeft: number) =>
    codeFormat().renderObservations([observation], {
      stepsLeft,
      toolCalls: [],
    });

  it("begin with the word that the prompt promises", () => {
    expect(codeFormat().instructions(context)).toContain("Observation:\n");
    expect(render(10)).toEqual([
      { role: "user", content: [{ type: "text", text: "Observation:\n4" }] },
    ]);
  });

  it.each([
    [4, "Observation:\n4"],
    [3, "Observation:\n4\n\n[3 steps left.]"],
    [1, "Observation:\n4\n\n[1 step left: give your answer now.]"],
    [0, "Observation:\n4"],
  ])("tell that %i steps are left", (stepsLeft, text) => {
    expect(render(stepsLeft)[0]?.content).toEqual([{ type: "text", text }]);
  });

  it("carry images behind their text", () => {
    const image = { type: "image", mediaType: "image/png", data: "AA" } as const;
    const [message] = codeFormat().renderObservations([{ ...observation, images: [image] }], {
      stepsLeft: 9,
      toolCalls: [],
    });
    expect(message?.content).toEqual([{ type: "text", text: "Observation:\n4" }, image]);
  });
});
