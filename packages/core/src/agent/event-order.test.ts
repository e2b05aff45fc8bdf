import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { CodeActError } from "../errors/codeact-error.js";
import { ModelError } from "../errors/model-error.js";
import type { AgentEvent } from "../events/event.js";
import {
  checkEventGrammar,
  type FakeCellHandler,
  FakeExecutor,
  FakePythonError,
  ScriptedModel,
  type ScriptedReply,
} from "../testing/index.js";
import { trajectoryFromJsonl, trajectoryToJsonl } from "../trajectory/jsonl.js";
import { trajectoryMessages } from "../trajectory/trajectory.js";
import { tool } from "../tool/tool.js";
import { Agent } from "./agent.js";
import { code } from "./test-support.js";

/** What a random cell does, in order. */
const cellSteps = [
  "print",
  "call",
  "call concurrently",
  "call a failing tool",
  "call a tool that needs approval",
  "call a sub-agent",
  "call an unknown tool",
  "answer",
  "answer badly",
  "raise",
  "sleep",
  "crash",
  "break the executor",
] as const;

const replies = [
  "act",
  "act",
  "act",
  "answer",
  "empty",
  "truncated",
  "refuse",
  "overloaded",
  "unauthorized",
  "break in the middle",
  "hang",
  "context overflow",
] as const;

const scenario = fc.record({
  replies: fc.array(fc.constantFrom(...replies), { maxLength: 5 }),
  cells: fc.array(fc.array(fc.constantFrom(...cellSteps), { maxLength: 4 }), { maxLength: 5 }),
  approvals: fc.array(fc.constantFrom("allow", "deny", "edit", "throw", "hang"), { maxLength: 4 }),
  useApproval: fc.boolean(),
  checkAnswer: fc.constantFrom("none", "accept", "reject once", "throw"),
  steering: fc.constantFrom("none", "stop", "throw", "prepare throws"),
  listeners: fc.constantFrom("none", "throw", "reject"),
  abortAt: fc.option(fc.nat(60), { nil: undefined }),
  startFails: fc.nat(20).map((value) => value === 0),
  limits: fc.record({
    steps: fc.integer({ min: 1, max: 5 }),
    invalidMessages: fc.integer({ min: 1, max: 3 }),
    cellTimeoutMs: fc.constant(8),
    runTimeoutMs: fc.constantFrom(Number.POSITIVE_INFINITY, 6),
    tokens: fc.constantFrom(Number.POSITIVE_INFINITY, 30),
  }),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

const echo = tool({
  name: "echo",
  description: "Echoes after a while.",
  inputSchema: z.object({ text: z.string() }),
  execute: async ({ text }) => {
    await Promise.resolve();
    return text;
  },
});
const failing = tool({
  name: "failing",
  description: "Fails.",
  inputSchema: z.object({}),
  execute: () => {
    throw new Error("out of order");
  },
});
const guarded = tool({
  name: "guarded",
  description: "Needs approval.",
  inputSchema: z.object({}),
  needsApproval: true,
  execute: () => "done",
});

const usage = { inputTokens: 10, outputTokens: 2 };

function reply(kind: (typeof replies)[number]): ScriptedReply {
  switch (kind) {
    case "act":
      return code("run()");
    case "answer":
      return "This is the answer.";
    case "empty":
      return "";
    case "truncated":
      return { text: "<execute>\nrun(", finishReason: "length" };
    case "refuse":
      return { text: "", finishReason: "content-filter" };
    case "overloaded":
      return { error: new ModelError("model-overloaded", "busy") };
    case "unauthorized":
      return { error: new ModelError("model-authentication", "no key") };
    case "break in the middle":
      return {
        text: "half of it",
        error: new ModelError("model-connection", "reset"),
        errorAfter: 3,
      };
    case "hang":
      return { text: "some text", gate: new Promise(() => undefined), waitAfter: 3 };
    case "context overflow":
      return { error: new ModelError("context-overflow", "too long") };
  }
}

function cell(steps: readonly (typeof cellSteps)[number][]): FakeCellHandler {
  return async (_code, { print, call, crash, sleep }) => {
    for (const step of steps) {
      switch (step) {
        case "print":
          await print("line");
          break;
        case "call":
          await call("echo", { text: "a" });
          break;
        case "call concurrently":
          await Promise.all(["a", "b", "c"].map((text) => call("echo", { text })));
          break;
        case "call a failing tool":
          await call("failing", {});
          break;
        case "call a tool that needs approval":
          await call("guarded", {});
          break;
        case "call a sub-agent":
          await call("helper", { task: "Help." });
          break;
        case "call an unknown tool":
          await call("unknown", {}).catch(() => undefined);
          break;
        case "answer":
          await call("final_answer", { value: "answered" });
          break;
        case "answer badly":
          await call("final_answer", { value: 1 }).catch(() => undefined);
          break;
        case "raise":
          throw new FakePythonError("ValueError", "bad");
        case "sleep":
          await sleep(Number.POSITIVE_INFINITY);
          break;
        case "crash":
          crash();
          break;
        case "break the executor":
          throw new Error("the executor is broken");
      }
    }
  };
}

function options(given: Scenario) {
  let approvals = 0;
  let rejected = false;
  return {
    ...(given.steering === "stop" && { stopWhen: ({ step }: { step: number }) => step >= 2 }),
    ...(given.steering === "throw" && { stopWhen: fail }),
    ...(given.steering === "prepare throws" && { prepareStep: fail }),
    ...(given.checkAnswer !== "none" && {
      checkAnswer: () => {
        if (given.checkAnswer === "throw") fail();
        if (given.checkAnswer === "accept" || rejected) return undefined;
        rejected = true;
        return "No.";
      },
    }),
    approve: async ({ type }: { type: "action" | "tool-call" }) => {
      if (type === "action" && !given.useApproval) return { decision: "allow" as const };
      const kind = given.approvals[approvals++] ?? "allow";
      if (kind === "throw") return fail();
      if (kind === "hang") return new Promise<never>(() => undefined);
      if (kind === "deny") return { decision: "deny" as const, reason: "no" };
      if (kind === "allow") return { decision: "allow" as const };
      return type === "action"
        ? { decision: "edit" as const, code: "edited()" }
        : { decision: "edit" as const, input: {} };
    },
  };
}

function fail(): never {
  throw new Error("the callback failed");
}

async function play(given: Scenario) {
  const helper = new Agent({
    name: "helper",
    description: "Helps.",
    model: new ScriptedModel([code("run()"), "helped"], { usage }),
    executor: new FakeExecutor([cell(["print", "call"])], { interruptGraceMs: 20 }),
    tools: [echo],
  });
  const executor = new FakeExecutor(
    [...given.cells.map(cell), ...Array.from({ length: 20 }, () => cell([]))],
    {
      interruptGraceMs: 20,
      ...(given.startFails && { startError: new CodeActError("executor-start", "no Python") }),
    },
  );
  const model = new ScriptedModel(given.replies.map(reply), { usage });
  const agent = new Agent({
    model,
    executor,
    tools: [echo, failing, guarded, helper.asTool()],
    outputSchema: z.string(),
    limits: given.limits,
    retry: { attempts: 2, initialDelayMs: 0 },
    ...options(given),
  });
  const controller = new AbortController();
  const events: AgentEvent[] = [];
  const heard: string[] = [];
  agent.on("listener-error", () => undefined);
  if (given.listeners === "throw") agent.on("event", fail);
  if (given.listeners === "reject") agent.on("event", (async () => fail()) as () => void);
  const onEvent = (event: AgentEvent) => {
    events.push(event);
    heard.push(JSON.stringify(event));
    if (events.length - 1 === given.abortAt) controller.abort(new Error("enough"));
  };
  // What hangs is ended from outside, so that every run ends.
  const release = setTimeout(() => controller.abort(new Error("enough")), 150);
  const handle = agent.stream("Go.", { signal: controller.signal, onEvent });
  const [outcome] = await Promise.allSettled([handle.result]);
  clearTimeout(release);
  return { events, heard, outcome, executor, model, trajectory: handle.trajectory };
}

describe("the order of events", () => {
  it("follows the grammar in thousands of random runs", { timeout: 300_000 }, async () => {
    const endings = new Map<string, number>();
    const check = async (given: Scenario): Promise<void> => {
      const { events, heard, outcome, executor, model, trajectory } = await play(given);
      expect(checkEventGrammar(events)).toEqual([]);
      for (const [index, event] of events.entries()) {
        // Nothing that JSON lacks, and nothing that changed after it was heard.
        expect(JSON.parse(heard[index] ?? "")).toEqual(event);
      }
      const last = events.at(-1);
      const ending = last?.type === "finish" ? last.status : `error ${last?.type}`;
      endings.set(ending, (endings.get(ending) ?? 0) + 1);
      const settled = last?.type === "error" || ending === "aborted" ? "rejected" : "fulfilled";
      expect(outcome.status).toBe(settled);
      expect(executor.closed).toBe(executor.started);
      expect(model.openStreams).toBe(0);
      // The trajectory is a whole record: it survives its file, and rebuilds a conversation.
      expect(trajectoryFromJsonl(trajectoryToJsonl(trajectory))).toEqual(trajectory);
      expect(trajectoryMessages(trajectory).length).toBeGreaterThanOrEqual(2);
    };
    // Ten at once, since most of the time is waiting.
    const property = fc.asyncProperty(fc.array(scenario, { minLength: 10, maxLength: 10 }), (all) =>
      Promise.all(all.map(check)).then(() => undefined),
    );
    await fc.assert(property, { numRuns: 300 });
    // The scenarios reach every ending there is.
    expect([...endings.keys()].sort()).toEqual(
      [
        "aborted",
        "answered",
        "context-limit",
        "error error",
        "invalid-limit",
        "refused",
        "step-limit",
        "stopped",
        "time-limit",
        "token-limit",
      ].sort(),
    );
  });
});
