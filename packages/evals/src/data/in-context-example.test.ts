import { describe, expect, it } from "vitest";
import type { Conversation } from "./conversation.js";
import { withoutExample } from "./in-context-example.js";

type Turns = Conversation["conversations"];

describe("withoutExample", () => {
  it("takes rules, example and task apart", () => {
    const turns: Turns = [
      {
        role: "user",
        content:
          "Think. Use <thought>, as in <thought> A. B. </thought>.\n\nThen act.\n\n---\n\nTask:\nAn example\n\n---\n\nTask:\nMine",
      },
      { role: "assistant", content: "Assistant:\n<thought>Hm.</thought>" },
      { role: "user", content: "Observation:\n---------\n1" },
      { role: "assistant", content: "Assistant:\nDone" },
    ];
    expect(withoutExample(turns)).toEqual([
      { role: "system", content: "Think.\n\nThen act." },
      { role: "user", content: "Task:\nMine" },
      { role: "assistant", content: "<thought>Hm.</thought>" },
      { role: "user", content: "Observation:\n---------\n1" },
      { role: "assistant", content: "Done" },
    ]);
  });

  it.each<[string, Turns]>([
    ["a system message", [{ role: "system", content: "a\n---\nb\n---\nc" }]],
    ["other text with a line in it", [{ role: "user", content: "a\n---\nb" }]],
    ["many lines", [{ role: "user", content: "a\n---\nb\n---\nc\n---\nd" }]],
    ["nothing", []],
  ])("leaves %s", (_what, turns) => {
    expect(withoutExample(turns)).toEqual(turns);
  });
});
