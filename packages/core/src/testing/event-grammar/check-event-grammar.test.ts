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
  result,
  start,
  stepFinish,
  stepStart,
  usage,
  withoutOutput,
} from "./sample-events.js";
import type { GrammarRule } from "./violation.js";

describe("checkEventGrammar refuses", () => {
  it.each<[string, GrammarRule, AgentEvent[]]>([
    [
      "a run without a start",
      "start-first",
      events(stepStart(), message(), stepFinish(), answered()),
    ],
    ["a second start", "start-first", events(start, start, answered(0))],
    [
      "a start that is late",
      "start-first",
      events(stepStart(), start, message(), stepFinish(), answered()),
    ],
    ["a missing terminal", "terminal-last", events(start, stepStart(), stepFinish())],
    ["a second terminal", "terminal-last", events(start, answered(0), failed(0))],
    [
      "events after the terminal",
      "terminal-last",
      events(start, answered(0), stepStart(), stepFinish()),
    ],
    ["a step that does not end", "step-balance", events(start, stepStart(), message(), answered())],
    [
      "a step within a step",
      "step-balance",
      events(start, stepStart(), stepStart(2), stepFinish(2), answered(2)),
    ],
    [
      "a step that ends twice",
      "step-balance",
      events(start, stepStart(), stepFinish(), stepFinish(), answered()),
    ],
    [
      "steps that do not count up",
      "step-balance",
      events(start, stepStart(2), message(2), stepFinish(2), answered()),
    ],
    [
      "a repeated step",
      "step-balance",
      events(start, stepStart(), stepFinish(), stepStart(), stepFinish(), answered(2)),
    ],
    ["a message outside of steps", "step-balance", events(start, message(), answered(0))],
    ["an action outside of steps", "step-balance", events(start, action(), observe(), answered(0))],
    [
      "another step's message",
      "step-number",
      events(start, stepStart(), message(2), stepFinish(), answered()),
    ],
    [
      "another step's end",
      "step-number",
      events(start, stepStart(), message(), stepFinish(2), answered()),
    ],
    ["a delta after the message", "message-order", inStep(delta)],
    ["two messages", "message-order", inStep(message())],
    [
      "an action before the message",
      "message-order",
      events(start, stepStart(), action(), observe(), stepFinish(), answered()),
    ],
    [
      "feedback before the message",
      "message-order",
      events(start, stepStart(), feedback(), stepFinish(), answered()),
    ],
    ["a message within an action", "message-order", inAction(message())],
    ["output without an action", "action-order", inStep(output())],
    ["output after the observation", "action-order", inStep(action(), observe(), output())],
    ["output of another action", "action-order", inAction(output("a2"))],
    ["a tool call without an action", "action-order", inStep(call(), result())],
    ["a late tool result", "action-order", inStep(action(), call(), observe(), result())],
    ["an observation without its action", "action-order", inStep(observe())],
    ["two observations", "action-order", inStep(action(), observe(), observe())],
    ["an observation of another action", "action-order", inStep(action(), observe("ok", "a2"))],
    [
      "a thought on a later action",
      "action-order",
      inStep(
        action(),
        observe(),
        { ...action("a2"), thought: "x" } as EventBody,
        observe("ok", "a2"),
      ),
    ],
    ["an action without observation", "observation", inStep(action())],
    [
      "an action within an action",
      "observation",
      inStep(action(), action("a2"), observe("ok", "a2")),
    ],
    ["an invalid action", "observation", inStep(action(), observe("invalid"))],
    ["feedback within an action", "observation", inStep(action(), feedback("rejected"), observe())],
    [
      "going on after a fault",
      "observation",
      events(
        start,
        stepStart(),
        message(),
        action(),
        observe("failed"),
        action("a2"),
        observe("ok", "a2"),
        stepFinish(),
        failed(),
      ),
    ],
    [
      "a new step after a fault",
      "observation",
      events(
        start,
        stepStart(),
        message(),
        action(),
        observe("failed"),
        stepFinish(),
        stepStart(2),
        stepFinish(2),
        failed(2),
      ),
    ],
    [
      "a fault that ends well",
      "observation",
      events(start, stepStart(), message(), action(), observe("failed"), stepFinish(), answered()),
    ],
    ["feedback of another status", "feedback", inStep(feedback("ok"))],
    ["two feedbacks", "feedback", inStep(feedback(), feedback())],
    ["an action after feedback", "feedback", inStep(feedback(), action(), observe())],
    ["actions that are called invalid", "feedback", inStep(action(), observe(), feedback())],
    ["an approval too late", "approval", inAction(output(), ask(), decide("allow"))],
    [
      "a second approval of an action",
      "approval",
      inAction(ask(), decide("allow"), ask("p2"), decide("allow", "p2")),
    ],
    ["an answer to no request", "approval", inAction(decide("allow"))],
    ["two answers", "approval", inAction(ask(), decide("allow"), decide("allow"))],
    ["an approval without answer", "approval", inAction(call(), ask("p1", "t1"), result())],
    ["acting before the answer", "approval", inAction(ask(), output(), decide("allow"))],
    [
      "acting after a denial",
      "approval",
      inStep(action(), ask(), decide("deny"), output(), observe("denied")),
    ],
    ["a denial that is not observed", "approval", inAction(ask(), decide("deny"))],
    ["a denied observation without denial", "approval", inStep(action(), observe("denied"))],
    ["success after an aborted approval", "approval", inAction(ask(), decide("aborted"))],
    ["an edit without what was edited", "approval", inAction(ask(), decide("edit"))],
    [
      "an allowed edit",
      "approval",
      inAction(ask(), decide("allow", "p1", { action: code } as Partial<EventBody>)),
    ],
    [
      "an edit of the wrong thing",
      "approval",
      inAction(ask(), decide("edit", "p1", { input: {} } as Partial<EventBody>)),
    ],
    ["a tool call without result", "tool-call", inAction(call())],
    ["a result without its call", "tool-call", inAction(result())],
    ["two results", "tool-call", inAction(call(), result(), result())],
    ["a result of another tool", "tool-call", inAction(call(), result("t1", "other"))],
    ["a result of nothing", "tool-call", inAction(call(), omit(result(), "value"))],
    [
      "a result of both",
      "tool-call",
      inAction(call(), { ...result(), error: { type: "ToolError", message: "" } } as EventBody),
    ],
    ["a repeated action id", "unique-id", inStep(action(), observe(), action(), observe())],
    ["a repeated tool call id", "unique-id", inAction(call(), result(), call(), result())],
    [
      "a repeated approval id",
      "unique-id",
      inAction(
        call(),
        ask("p1", "t1"),
        decide("allow"),
        ask("p1", "t1"),
        decide("allow"),
        result(),
      ),
    ],
    ["a gap in the sequence", "sequence", events(start, { ...answered(0), sequence: 2 })],
    [
      "a sequence from 1",
      "sequence",
      events({ ...start, sequence: 1 }, { ...answered(0), sequence: 2 }),
    ],
    ["a repeated sequence number", "sequence", events(start, { ...answered(0), sequence: 0 })],
    [
      "a time that goes back",
      "time",
      events(start, { ...answered(0), time: "2001-01-01T00:00:00.000Z" }),
    ],
    [
      "a time that is none",
      "time",
      events({ ...start, time: "today" }, { ...answered(0), time: "later" }),
    ],
    ["another session", "identity", events(start, { ...answered(0), sessionId: "other" })],
    [
      "another root",
      "identity",
      events(start, {
        ...answered(0),
        rootRunId: "other",
        depth: 1,
        parentRunId: "r",
        parentToolCallId: "t",
      }),
    ],
    [
      "depth without a parent",
      "identity",
      events({ ...start, depth: 1 }, { ...answered(0), depth: 1 }),
    ],
    ["a miscounted end", "totals", events(start, stepStart(), stepFinish(), answered(2))],
    [
      "shrinking usage",
      "totals",
      events(
        start,
        stepStart(),
        { ...stepFinish(), usage: { ...usage, requests: 2 } } as EventBody,
        answered(),
      ),
    ],
    [
      "usage that becomes complete",
      "totals",
      events(
        start,
        stepStart(),
        { ...stepFinish(), usage: { ...usage, complete: false } } as EventBody,
        answered(),
      ),
    ],
    [
      "output of a run without answer",
      "totals",
      events(start, { ...answered(0), status: "step-limit" } as EventBody),
    ],
    ["an answer without output", "totals", events(start, answered(0)).map(withoutOutput)],
    [
      "an undefined member",
      "json-safe",
      events({ ...start, executor: undefined } as unknown as EventBody, answered(0)),
    ],
    [
      "a number that is not finite",
      "json-safe",
      inAction({ ...call(), input: Number.NaN } as EventBody, result()),
    ],
    [
      "bytes",
      "json-safe",
      inAction({ ...call(), input: new Uint8Array(1) } as unknown as EventBody, result()),
    ],
    ["a sub-agent without its call", "nesting", inAction(...childRun, ...childEnd)],
    [
      "a sub-agent that outlives its call",
      "nesting",
      inAction(call(), ...childRun, result(), ...childEnd),
    ],
    [
      "a sub-agent too deep",
      "nesting",
      inAction(call(), ...of({ ...child, depth: 2 }, start, answered(0)), result()),
    ],
  ])("%s", (_, rule, list) => {
    expect(rules(checkEventGrammar(list))).toContain(rule);
  });

  it("names the run and the place", () => {
    const list = inAction(call(), ...childRun, message(), ...childEnd, result());
    expect(checkEventGrammar(list)).toMatchObject([
      { runId: "run", index: 12, rule: "message-order" },
    ]);
    const cut = inStep().slice(0, -1);
    expect(checkEventGrammar(cut)).toMatchObject([{ index: cut.length, rule: "terminal-last" }]);
  });

  it("every run with one event taken away or doubled", () => {
    const list = inAction(
      ask(),
      decide("allow"),
      call("t1"),
      call("t2"),
      result("t2"),
      result("t1"),
    );
    expect(checkEventGrammar(list)).toEqual([]);
    const renumber = (changed: AgentEvent[]) =>
      changed.map((event, sequence) => ({ ...event, sequence, time: list[0]?.time ?? "" }));
    for (const index of list.keys()) {
      const removed = renumber(list.filter((_, other) => other !== index));
      const doubled = renumber(
        list.flatMap((event, other) => (other === index ? [event, event] : [event])),
      );
      expect(checkEventGrammar(doubled), `doubled ${list[index]?.type}`).not.toEqual([]);

      expect(checkEventGrammar(removed), `removed ${list[index]?.type}`).not.toEqual([]);
    }
  });
});

function rules(violations: readonly { rule: GrammarRule }[]): GrammarRule[] {
  return violations.map((violation) => violation.rule);
}
