import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { CodeActError } from "../errors/codeact-error.js";
import { codeFormat } from "../action-format/code-format.js";
import { jsonFormat } from "../action-format/json-format.js";
import { nativeToolFormat } from "../action-format/native-tool-format.js";
import { textFormat } from "../action-format/text-format.js";
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

/** What one agent meets: the outermost one, or one that works as a tool. */
const drawnLife = fc.record({
  format: fc.constantFrom("code", "code", "code", "native", "json", "text"),
  replies: fc.array(fc.constantFrom(...replies), { maxLength: 5 }),
  cells: fc.array(fc.array(fc.constantFrom(...cellSteps), { maxLength: 4 }), { maxLength: 5 }),
  approvals: fc.array(fc.constantFrom("allow", "deny", "edit", "throw", "hang"), { maxLength: 4 }),
  useApproval: fc.boolean(),
  checkAnswer: fc.constantFrom("none", "accept", "reject once", "throw"),
  steering: fc.constantFrom("none", "none", "none", "stop", "throw", "prepare throws"),
  startFails: fc.constantFrom(true, ...Array<boolean>(20).fill(false)),
  limits: fc.record({
    steps: fc.integer({ min: 1, max: 5 }),
    invalidMessages: fc.integer({ min: 1, max: 3 }),
    cellTimeoutMs: fc.constant(8),
    runTimeoutMs: fc.constantFrom(...Array<number>(4).fill(Number.POSITIVE_INFINITY), 6),
    tokens: fc.constantFrom(...Array<number>(2).fill(Number.POSITIVE_INFINITY), 20, 10),
  }),
});
/** Half of them begin by asking the agent below, since few would get so far by chance. */
const life = fc.tuple(drawnLife, fc.boolean()).map(([drawn, delegates]) => {
  if (!delegates) return drawn;
  const [first = [], ...others] = drawn.cells;
  const cells = [["call a sub-agent" as const, ...first], ...others];
  return { ...drawn, replies: ["act" as const, ...drawn.replies], cells };
});
type Life = typeof drawnLife extends fc.Arbitrary<infer T> ? T : never;

const scenario = fc.record({
  outermost: life,
  /** The outermost agent calls the first, which calls the second. */
  helpers: fc.tuple(life, life),
  listeners: fc.constantFrom("none", "throw", "reject"),
  abortAt: fc.option(fc.nat(60), { nil: undefined, freq: 1 }),
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

const formats = { code: codeFormat, native: nativeToolFormat, json: jsonFormat, text: textFormat };

/** An action in the format of an agent: code, or the next call that its cells would have made. */
function act({ format, cells }: Life, index: number): ScriptedReply {
  if (format === "code") return code("run()");
  if (format === "native") {
    const toolCalls = [{ name: "execute_python", arguments: { code: "run()" } }];
    return { toolCalls: index % 2 === 0 ? toolCalls : [...toolCalls, ...toolCalls] };
  }
  const step = cells.flat()[index];
  const [name, args] = (step && directCalls[step]) ?? ["echo", { text: "a" }];
  if (format === "json") return JSON.stringify({ tool: name, args });
  const given = Object.entries(args).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return `Action: ${name}(${given.join(", ")})`;
}

const directCalls: Partial<Record<(typeof cellSteps)[number], [string, object]>> = {
  "call a failing tool": ["failing", {}],
  "call a tool that needs approval": ["guarded", {}],
  "call a sub-agent": ["helper", { task: "Help." }],
  "call an unknown tool": ["unknown", {}],
};

function reply(given: Life, kind: (typeof replies)[number], index: number): ScriptedReply {
  switch (kind) {
    case "act":
      return act(given, index);
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

function options(given: Life) {
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

/** An agent that lives `given`, with the others below it. */
function build(given: Life, helpers: readonly Life[], world: World): Agent {
  const [next, ...rest] = helpers;
  const helper = next && build(next, rest, world).asTool({ name: "helper" });
  const executor = new FakeExecutor(
    [...given.cells.map(cell), ...Array.from({ length: 20 }, () => cell([]))],
    {
      interruptGraceMs: 20,
      ...(given.startFails && { startError: new CodeActError("executor-start", "no Python") }),
    },
  );
  const model = new ScriptedModel(
    given.replies.map((kind, index) => reply(given, kind, index)),
    { usage },
  );
  world.executors.push(executor);
  world.models.push(model);
  const actionFormat = formats[given.format]();
  return new Agent({
    description: "Helps.",
    model,
    actionFormat,
    ...(actionFormat.usesInterpreter && { executor }),
    tools: [echo, failing, guarded, ...(helper ? [helper] : [])],
    outputSchema: z.string(),
    limits: given.limits,
    retry: { attempts: 2, initialDelayMs: 0 },
    ...options(given),
  });
}

interface World {
  executors: FakeExecutor[];
  models: ScriptedModel[];
}

async function play(given: Scenario) {
  const world: World = { executors: [], models: [] };
  const agent = build(given.outermost, given.helpers, world);
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
  return { events, heard, outcome, ...world, trajectory: handle.trajectory };
}

function endingOf(event: AgentEvent | undefined): string {
  return event?.type === "finish" ? event.status : `${event?.type}`;
}

/** What the scenarios have to reach, or the grammar would be checked on tame runs only. */
function* sightings(events: readonly AgentEvent[]): Iterable<string> {
  for (const event of events) {
    const isNested = event.parentRunId !== undefined;
    if (event.type === "start") {
      yield `a run in ${event.actionFormat} format`;
      if (isNested && event.parentRunId !== event.rootRunId) yield "a nested run in a nested run";
    }
    const isEnd = event.type === "finish" || event.type === "error";
    if (isEnd && isNested) yield `a nested run that ends: ${endingOf(event)}`;
    if (event.type === "observation") {
      yield `an observation${isNested ? " in a nested run" : ""}: ${event.status}`;
    }
  }
}

describe("the order of events", () => {
  it("follows the grammar in thousands of random runs", { timeout: 300_000 }, async () => {
    const endings = new Set<string>();
    const seen = new Set<string>();
    const check = async (given: Scenario): Promise<void> => {
      const { events, heard, outcome, executors, models, trajectory } = await play(given);
      expect(checkEventGrammar(events)).toEqual([]);
      for (const [index, event] of events.entries()) {
        // Nothing that JSON lacks, and nothing that changed after it was heard.
        expect(JSON.parse(heard[index] ?? "")).toEqual(event);
      }
      const last = events.at(-1);
      const ending = endingOf(last);
      endings.add(ending);
      for (const each of sightings(events)) seen.add(each);
      const settled = last?.type === "error" || ending === "aborted" ? "rejected" : "fulfilled";
      expect(outcome.status).toBe(settled);
      for (const executor of executors) expect(executor.closed).toBe(executor.started);
      for (const model of models) expect(model.openStreams).toBe(0);
      // The trajectory is a whole record: it survives its file, and rebuilds a conversation.
      expect(trajectoryFromJsonl(trajectoryToJsonl(trajectory))).toEqual(trajectory);
      expect(trajectoryMessages(trajectory).length).toBeGreaterThanOrEqual(2);
    };
    // Many at once, since most of the time is waiting.
    const property = fc.asyncProperty(fc.array(scenario, { minLength: 30, maxLength: 30 }), (all) =>
      Promise.all(all.map(check)).then(() => undefined),
    );
    await fc.assert(property, { numRuns: 70 });
    // The scenarios reach every ending there is.
    expect([...endings].sort()).toEqual(
      [
        "aborted",
        "answered",
        "context-limit",
        "error",
        "invalid-limit",
        "refused",
        "step-limit",
        "stopped",
        "time-limit",
        "token-limit",
      ].sort(),
    );
    // They also reach below the outermost run, and what is rarer.
    expect([...seen].sort()).toEqual(
      expect.arrayContaining([
        "a run in code format",
        "a run in json format",
        "a run in native-tool format",
        "a run in text format",
        "a nested run in a nested run",
        "a nested run that ends: aborted",
        "a nested run that ends: error",
        "a nested run that ends: step-limit",
        "a nested run that ends: token-limit",
        "an observation in a nested run: error",
        "an observation in a nested run: ok",
        "an observation: crashed",
        "an observation: denied",
        "an observation: failed",
        "an observation: invalid",
      ]),
    );
  });
});
