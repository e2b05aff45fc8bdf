import { ModelError } from "@codeact/core";
import { expect, test } from "vitest";
import { chatHistory } from "./chat-history.js";

test("joins neighbours, drops reasoning and opens the model's message", () => {
  const history = chatHistory(
    [
      { role: "system", content: [{ type: "text", text: "Be brief." }] },
      { role: "user", content: [{ type: "text", text: "Hello." }] },
      { role: "user", content: [{ type: "text", text: "Who are you?" }] },
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "hm" },
          { type: "text", text: "Nobody." },
        ],
      },
      { role: "user", content: [{ type: "text", text: "Oh." }] },
    ],
    "llama:test",
  );
  expect(history).toEqual([
    { type: "system", text: "Be brief." },
    { type: "user", text: "Hello.\n\nWho are you?" },
    { type: "model", response: ["Nobody."] },
    { type: "user", text: "Oh." },
    { type: "model", response: [] },
  ]);
});

test("refuses what a text model cannot read", () => {
  const image = { type: "image", mediaType: "image/png", data: "" } as const;
  const refused = () => chatHistory([{ role: "user", content: [image] }], "llama:test");
  expect(refused).toThrow(ModelError);
  expect(refused).toThrow("llama:test got a message with a part of type image");
});
