import { describe, expect, it } from "vitest";
import type { AgentEvent } from "../../events/event.js";
import { checkEventGrammar } from "./check-event-grammar.js";
import {
  type EventBody,
  action,
  answered,
  ask,
  call,
  child,
  childEnd,
  childRun,
  code,
  decide,
  delta,
  events,
  failed,
  feedback,
  inAction,
  inStep,
  message,
  observe,
  of,
  omit,
  output,
  reasoning,
  result,
  start,
  stepFinish,
  stepStart,
  withoutOutput,
} from "./sample-events.js";

describe("checkEventGrammar accepts", () => {
  it.each<[string, AgentEvent[]]>([
    ["nothing", []],
    [
      "a run without a step",
      events(start, { ...answered(0), status: "aborted" } as EventBody).map(withoutOutput),
    ],
    ["an answer at once", inStep()],
    [
      "deltas before the message",
      events(start, stepStart(), reasoning, delta, delta, message(), stepFinish(), answered()),
    ],
    [
      "a model that failed in its message",
      events(start, stepStart(), delta, stepFinish(), failed()),
    ],
    ["output and tool calls", inAction(output(), call(), output(), result(), output())],
    [
      "overlapping tool calls",
      inAction(call("t1"), call("t2"), result("t1"), call("t3"), result("t3"), result("t2")),
    ],
    [
      "a failed tool call",
      inAction(call(), {
        ...omit(result(), "value"),
        error: { type: "ToolError", message: "" },
      } as EventBody),
    ],
    ["an approved action", inAction(ask(), decide("allow"), output())],
    [
      "an edited action",
      inAction(ask(), decide("edit", "p1", { action: code } as Partial<EventBody>)),
    ],
    ["a denied action", inStep(action(), ask(), decide("deny"), observe("denied"))],
    [
      "an approval that was aborted",
      inStep(action(), ask(), decide("aborted"), observe("interrupted")),
    ],
    [
      "an approval within a tool call",
      inAction(call(), ask("p1", "t1"), output(), decide("deny"), result()),
    ],
    [
      "several actions of a message",
      inStep(action(), observe("error"), action("a2"), observe("timeout", "a2")),
    ],
    ["feedback alone", inStep(feedback())],
    ["feedback to an answer in code", inStep(action(), observe(), feedback("rejected"))],
    [
      "two steps",
      events(
        start,
        stepStart(1),
        message(1),
        action(),
        observe(),
        stepFinish(1),
        stepStart(2),
        message(2),
        stepFinish(2),
        answered(2),
      ),
    ],
    [
      "a fault within an action",
      events(start, stepStart(), message(), action(), observe("failed"), stepFinish(), failed()),
    ],
    ["a sub-agent", inAction(call(), ...childRun, ...childEnd, result())],
    ["a sub-agent seen alone", events(...childRun, ...childEnd)],
    [
      "two sub-agents side by side",
      inAction(
        call("t1"),
        call("t2"),
        ...childRun,
        ...of(
          { ...child, runId: "other", sessionId: "other", parentToolCallId: "t2" },
          start,
          stepStart(),
          message(),
        ),
        ...childEnd,
        result("t1"),
        ...of(
          { ...child, runId: "other", sessionId: "other", parentToolCallId: "t2" },
          stepFinish(),
          answered(),
        ),
        result("t2"),
      ),
    ],
    [
      "two runs one after the other",
      [
        ...inAction(),
        ...events(
          ...of(
            { runId: "second", rootRunId: "second" },
            start,
            stepStart(),
            message(),
            action("a2"),
            observe("ok", "a2"),
            stepFinish(),
            answered(),
          ),
        ).map((event) => ({ ...event, time: "2030-01-01T00:00:00.000Z" })),
      ],
    ],
  ])("%s", (_, list) => {
    expect(checkEventGrammar(list)).toEqual([]);
  });

  it("gaps in the sequence where they are allowed", () => {
    const list = inAction(output(), output()).filter((event) => event.type !== "output");
    expect(checkEventGrammar(list)).toMatchObject([{ rule: "sequence" }]);
    expect(checkEventGrammar(list, { allowGaps: true })).toEqual([]);
  });
});
