import { describeModel } from "@codeact/core/testing";
import { describe, expect, it } from "vitest";
import { OpenAIModel } from "../src/openai/index.js";
import { chatCompletionsWire } from "./chat-completions-wire.js";
import { collect, textOf } from "./collect.js";
import { LoopbackServer, says } from "./loopback-openai-server.js";
import { responsesWire } from "./responses-wire.js";
import { wireSetup } from "./wire-setup.js";

/** Tests of the package `openai` that the test file has put in the place of the usual one. */
export function describeOpenAIPackage(name: string, version: RegExp): void {
  describeModel(
    `OpenAIModel by ${name}`,
    wireSetup(
      chatCompletionsWire,
      (baseURL, options) =>
        new OpenAIModel({ model: "m", baseURL, apiKey: "key-1234", ...options }),
    ),
    { suite: { describe, it } },
  );

  describeModel(
    `OpenAIModel with the Responses API by ${name}`,
    wireSetup(
      responsesWire,
      (baseURL, options) =>
        new OpenAIModel({ model: "m", api: "responses", baseURL, apiKey: "key-1234", ...options }),
    ),
    { suite: { describe, it } },
  );

  it(`${name} needs no key for a server of one's own`, async () => {
    const server = await LoopbackServer.start(says("yes"));
    try {
      const model = new OpenAIModel({ model: "m", baseURL: server.baseURL, apiKey: "" });
      expect(textOf(await collect(model))).toBe("yes");
      expect(server.requests[0]?.headers["authorization"]).toBeUndefined();
      expect(server.requests[0]?.headers["user-agent"]).toMatch(version);
    } finally {
      await server.close();
    }
    expect(() => new OpenAIModel({ model: "m", apiKey: "" })).toThrowError(
      expect.objectContaining({ code: "model-authentication" }),
    );
  });
}
