import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OpenAI } from "openai";
import { collect, textOf } from "../../test/collect.js";
import { LoopbackServer, says } from "../../test/loopback-openai-server.js";
import { OpenAIModel } from "./openai-model.js";

beforeEach(() => {
  for (const name of ["OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ADMIN_KEY"]) {
    vi.stubEnv(name, undefined);
  }
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe("keys", () => {
  it.each([{}, { apiKey: "" }, { baseURL: "https://api.openai.com/v1" }])(
    "OpenAI's own server needs one: %o",
    (options) => {
      expect(() => new OpenAIModel({ model: "m", ...options })).toThrowError(
        expect.objectContaining({
          code: "model-authentication",
          message: expect.stringContaining("OPENAI_API_KEY"),
        }),
      );
    },
  );

  it("another server does not, and is sent none", async () => {
    const server = await LoopbackServer.start(says("x"));
    try {
      const given = new OpenAIModel({ model: "m", baseURL: server.baseURL });
      expect(textOf(await collect(given))).toBe("x");
      vi.stubEnv("OPENAI_BASE_URL", server.baseURL);
      expect(textOf(await collect(new OpenAIModel({ model: "m" })))).toBe("x");
      expect(server.requests.map(({ headers }) => headers["authorization"])).toEqual([
        undefined,
        undefined,
      ]);
    } finally {
      await server.close();
    }
  });

  it("comes from the environment", async () => {
    const server = await LoopbackServer.start(says("x"));
    try {
      vi.stubEnv("OPENAI_API_KEY", "from-environment");
      vi.stubEnv("OPENAI_BASE_URL", server.baseURL);
      await collect(new OpenAIModel({ model: "m" }));
      expect(server.requests[0]?.headers["authorization"]).toBe("Bearer from-environment");
    } finally {
      await server.close();
    }
  });
});

describe("options that cannot be used", () => {
  const client = new OpenAI({ apiKey: "key" });
  const cases: [what: string, options: Partial<ConstructorParameters<typeof OpenAIModel>[0]>][] = [
    ["an empty model", { model: " " }],
    ["a base URL without a scheme", { baseURL: "localhost:8000/v1" }],
    ["a base URL of another scheme", { baseURL: "file:///v1" }],
    ["a client beside a key", { client, apiKey: "k" }],
    ["a client beside a base URL", { client, baseURL: "http://localhost/v1" }],
    ["no time at all", { idleTimeoutMs: 0 }],
    ["endless time", { idleTimeoutMs: Number.POSITIVE_INFINITY }],
  ];
  it.each(cases)("%s", (_what, options) => {
    expect(() => new OpenAIModel({ model: "m", ...options })).toThrowError(
      expect.objectContaining({ code: "invalid-option" }),
    );
  });
});

it("names itself and what it can do", () => {
  const model = new OpenAIModel({
    model: "qwen",
    baseURL: "http://localhost/v1",
    capabilities: { images: false },
  });
  expect(model.id).toBe("openai:qwen");
  expect(model.capabilities).toEqual({ usage: true, images: false, tools: true });
});
