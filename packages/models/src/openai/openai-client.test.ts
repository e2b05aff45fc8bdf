import { AzureOpenAI, OpenAI } from "openai";
import { afterEach, describe, expect, it } from "vitest";
import { collect } from "../../test/collect.js";
import { LoopbackServer } from "../../test/loopback-openai-server.js";
import { OpenAIModel } from "./openai-model.js";

let server: LoopbackServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

describe("a client of the user's own", () => {
  it("is used, and does not retry", async () => {
    server = await LoopbackServer.start({ status: 500, body: { error: { message: "no" } } });
    const client = new OpenAI({ baseURL: server.baseURL, apiKey: "their-own-key", maxRetries: 5 });
    const model = new OpenAIModel({ model: "m", client });
    await expect(collect(model)).rejects.toMatchObject({ code: "model-server", status: 500 });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.headers["authorization"]).toBe("Bearer their-own-key");
  });

  it.each([
    ["chat-completions", "/openai/deployments/m/chat/completions?api-version=2025-04-01"],
    ["responses", "/openai/responses?api-version=2025-04-01"],
  ] as const)("may be Azure's, with the API %s", async (api, path) => {
    server = await LoopbackServer.start({ status: 404, body: { error: { message: "no" } } });
    const client = new AzureOpenAI({
      endpoint: server.baseURL.replace("/v1", ""),
      apiKey: "their-own-key",
      apiVersion: "2025-04-01",
    });
    const model = new OpenAIModel({ model: "m", api, client });
    await expect(collect(model)).rejects.toMatchObject({ code: "model-not-found" });
    expect(server.requests[0]?.path).toBe(path);
    expect(server.requests[0]?.headers["api-key"]).toBe("their-own-key");
  });
});
