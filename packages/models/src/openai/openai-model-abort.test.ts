import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ask, collect, failure } from "../../test/collect.js";
import {
  delta,
  type LoopbackReply,
  LoopbackServer,
  says,
} from "../../test/loopback-openai-server.js";
import { OpenAIModel } from "./openai-model.js";

const reason = new Error("The user left.");
const unhandled: unknown[] = [];
const onUnhandled = (error: unknown) => unhandled.push(error);
let server: LoopbackServer | undefined;

beforeEach(() => {
  unhandled.length = 0;
  process.on("unhandledRejection", onUnhandled);
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  process.off("unhandledRejection", onUnhandled);
  expect(unhandled).toEqual([]);
});

async function serve(reply: LoopbackReply): Promise<OpenAIModel> {
  server = await LoopbackServer.start(reply);
  return new OpenAIModel({ model: "m", baseURL: server.baseURL, apiKey: "key-1234" });
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const stalled: LoopbackReply = {
  events: [delta({ content: "a" })],
  done: false,
  ending: "stall",
};

describe("an abort", () => {
  it("before the request sends nothing", async () => {
    const model = await serve(says("x"));
    const signal = AbortSignal.abort(reason);
    expect(await failure(collect(model, ask("x", { signal })))).toBe(reason);
    expect(server?.requests).toHaveLength(0);
  });

  const points: [name: string, reply: LoopbackReply][] = [
    ["while waiting for headers", { silent: true }],
    ["while waiting for the first event", { ...stalled, events: [] }],
    ["in the middle of the stream", stalled],
    ["while waiting for the body of an error", { status: 500, raw: "{", ending: "stall" }],
    [
      "while waiting for the body of a JSON answer",
      { raw: "{", headers: { "content-type": "application/json" }, ending: "stall" },
    ],
  ];
  it.each(points)("%s throws its reason and cancels the request", async (_name, reply) => {
    const model = await serve(reply);
    const controller = new AbortController();
    const { signal } = controller;
    const rejection = failure(collect(model, ask("x", { signal })));
    await until(() => server?.requests.length === 1);
    controller.abort(reason);
    expect(await rejection).toBe(reason);
    expect(await server?.requests[0]?.cutShort).toBe(true);
    expect(getEventListeners(signal, "abort")).toEqual([]);
    await until(() => server?.openSockets === 0);
  });

  it("between two events of one packet gives out no more of them", async () => {
    const model = await serve({ ...says("a", "b", "c"), pieceBytes: 100_000 });
    const controller = new AbortController();
    const seen: unknown[] = [];
    const rejection = failure(
      (async () => {
        for await (const event of model.generate(ask("x", { signal: controller.signal }))) {
          seen.push(event);
          controller.abort(reason);
        }
      })(),
    );
    expect(await rejection).toBe(reason);
    expect(seen).toHaveLength(1);
  });

  it("with a reason that is no error throws just that", async () => {
    const model = await serve(stalled);
    const controller = new AbortController();
    const rejection = failure(collect(model, ask("x", { signal: controller.signal })));
    await until(() => server?.requests.length === 1);
    controller.abort("enough");
    expect(await rejection).toBe("enough");
  });

  it("after the answer changes nothing", async () => {
    const model = await serve(says("a"));
    const controller = new AbortController();
    const events = await collect(model, ask("x", { signal: controller.signal }));
    controller.abort(reason);
    expect(events.at(-1)?.type).toBe("finish");
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });
});

describe("a caller that stops reading", () => {
  it("cancels the request", async () => {
    const model = await serve(stalled);
    const controller = new AbortController();
    for await (const event of model.generate(ask("x", { signal: controller.signal }))) {
      expect(event).toEqual({ type: "text", text: "a" });
      break;
    }
    expect(await server?.requests[0]?.cutShort).toBe(true);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    await until(() => server?.openSockets === 0);
  });

  it("sends nothing if it never begins", async () => {
    const model = await serve(says("a"));
    model.generate(ask());
    expect(await collect(model)).toHaveLength(2);
    expect(server?.requests).toHaveLength(1);
  });
});
