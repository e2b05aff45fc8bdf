import { describe, expect, it } from "vitest";
import { AgentEmitter } from "../events/agent-emitter.js";
import type { AgentEvent } from "../events/event.js";
import {
  action,
  answered,
  delta,
  events,
  message,
  observe,
  output,
  start,
  stepFinish,
  stepStart,
} from "./event-grammar/sample-events.js";
import { recordEvents } from "./record-events.js";

const run = events(
  start,
  stepStart(),
  delta,
  delta,
  message(),
  action(),
  output(),
  output(),
  observe(),
  stepFinish(),
  answered(),
);

class Source extends AgentEmitter {
  send(event: AgentEvent): void {
    this.deliver(event);
  }
}

async function* streamOf(list: AgentEvent[], error?: Error): AsyncGenerator<AgentEvent> {
  yield* list;
  if (error) throw error;
}

describe("recordEvents", () => {
  it("records an agent until it is stopped", () => {
    const source = new Source();
    const recorded = recordEvents(source);
    for (const event of run) source.send(event);
    expect(recorded.events).toEqual(run);
    recorded.stop();
    for (const event of run) source.send(event);
    expect(recorded.events).toHaveLength(run.length);
  });

  it("records a stream and tells how it ended", async () => {
    const recorded = recordEvents(streamOf(run));
    await recorded.done;
    expect(recorded.events).toEqual(run);
    const failure = new Error("fault");
    const failing = recordEvents(streamOf(run, failure));
    await expect(failing.done).rejects.toBe(failure);
    expect(failing.events).toEqual(run);
  });

  it("serves as onEvent", () => {
    const recorded = recordEvents();
    run.forEach(recorded.onEvent);
    expect(recorded.of("action")).toEqual([run[5]]);
    expect(recorded.ofRun("run")).toEqual(run);
    expect(recorded.ofRun("other")).toEqual([]);
  });

  it("lists types with chunks as one", () => {
    const recorded = recordEvents();
    run.forEach(recorded.onEvent);
    expect(recorded.types()).toEqual([
      "start",
      "step-start",
      "message-delta",
      "message",
      "action",
      "output",
      "observation",
      "step-finish",
      "finish",
    ]);
  });

  it("normalises what differs from run to run, on copies", () => {
    const recorded = recordEvents();
    const other = run.map((event) => ({
      ...event,
      runId: "xyz",
      rootRunId: "xyz",
      sessionId: "abc",
      time: "2030-01-01T00:00:00.000Z",
      ...("durationMs" in event ? { durationMs: 99 } : {}),
    }));
    run.forEach(recorded.onEvent);
    const again = recordEvents();
    other.forEach(again.onEvent);
    expect(again.normalised()).toEqual(recorded.normalised());
    expect(recorded.normalised()[0]).toMatchObject({
      runId: "run-1",
      rootRunId: "run-1",
      sessionId: "session-1",
    });
    expect(recorded.normalised().map((event) => event.type)).not.toContain("output");
    expect(recorded.events).toEqual(run);
  });
});
