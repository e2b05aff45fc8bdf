import { afterEach, describe, expect, it, vi } from "vitest";
import { AgentEmitter } from "./agent-emitter.js";
import type { AgentEvent } from "./event.js";
import type { ListenerErrorEvent } from "./isolation.js";

class Emitter extends AgentEmitter {
  send(): void {
    this.deliver(finish);
  }
}

const finish = { type: "finish", status: "answered", steps: 1 } as AgentEvent;

describe("AgentEmitter", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("delivers an event under its type, then under `event`", () => {
    const emitter = new Emitter();
    const heard: string[] = [];
    emitter.on("event", (event) => heard.push(`event:${event.type}`));
    emitter.on("finish", (event) => heard.push(event.status));
    emitter.send();
    expect(heard).toEqual(["answered", "event:finish"]);
  });

  it("calls the other listeners when one throws, and reports it once", () => {
    const emitter = new Emitter();
    const errors: ListenerErrorEvent[] = [];
    const after = vi.fn();
    emitter.on("listener-error", (event) => errors.push(event));
    emitter.on("finish", () => {
      throw new Error("boom");
    });
    emitter.on("finish", after);
    emitter.send();
    expect(after).toHaveBeenCalledTimes(1);
    expect(errors).toEqual([{ type: "listener-error", event: "finish", error: new Error("boom") }]);
  });

  it("reports a listener whose promise rejects", async () => {
    const emitter = new Emitter();
    const reported = new Promise<ListenerErrorEvent>((resolve) => {
      emitter.on("listener-error", resolve);
    });
    const rejecting = () => Promise.reject(new Error("later"));
    emitter.on("event", rejecting as () => void);
    emitter.send();
    expect(await reported).toMatchObject({ event: "event", error: new Error("later") });
  });

  it("falls back to the console when nobody listens for listener errors", () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const emitter = new Emitter();
    emitter.on("finish", () => {
      throw new Error("boom");
    });
    emitter.send();
    expect(log).toHaveBeenCalledTimes(1);
  });

  it("does not loop when a listener of listener errors throws", () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const emitter = new Emitter();
    const listener = vi.fn(() => {
      throw new Error("again");
    });
    emitter.on("listener-error", listener);
    emitter.on("finish", () => {
      throw new Error("boom");
    });
    emitter.send();
    expect(listener).toHaveBeenCalledTimes(1);
    expect(log).toHaveBeenCalledTimes(1);
  });

  it("removes listeners by the function that was given", () => {
    const emitter = new Emitter();
    const listener = vi.fn();
    emitter.on("finish", listener);
    emitter.on("event", listener);
    emitter.off("finish", listener);
    emitter.send();
    expect(listener).toHaveBeenCalledTimes(1);
    emitter.removeListener("event", listener);
    emitter.send();
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it("calls a `once` listener once, with its `this`", () => {
    const emitter = new Emitter();
    const seen: unknown[] = [];
    const self = { name: "self" };
    emitter.once(
      "finish",
      function (this: unknown) {
        seen.push(this);
      },
      self,
    );
    emitter.send();
    emitter.send();
    expect(seen).toEqual([self]);
  });
});
