import type { AgentEvent, EventBase, StartEvent } from "../../events/event.js";
import type { UsageTotal } from "../../model/usage.js";
import { type RunFacts, StepChecker } from "./step-checker.js";
import type { EventOf, ReportViolation } from "./violation.js";

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** The order of the events of one run. */
export class RunChecker {
  #start: StartEvent | undefined;
  #last: AgentEvent | undefined;
  #step: StepChecker | undefined;
  #steps = 0;
  #usage: UsageTotal | undefined;
  #isOver = false;
  readonly #facts: RunFacts;

  constructor(
    sessionActions: Set<string>,
    private readonly allowGaps: boolean,
  ) {
    this.#facts = {
      actions: sessionActions,
      toolCalls: new Set(),
      approvals: new Set(),
      failed: false,
    };
  }

  accept(event: AgentEvent, report: ReportViolation): void {
    if (!survivesJson(event)) report("json-safe", `${event.type} is not JSON-safe`);
    this.#checkBase(event, report);
    if (this.#isOver) report("terminal-last", `${event.type} after the terminal event`);
    this.#last = event;
    switch (event.type) {
      case "start":
        if (this.#start) report("start-first", "a second start");
        this.#start ??= event;
        return;
      case "step-start":
        this.#startStep(event, report);
        return;
      case "step-finish":
        this.#finishStep(event, report);
        return;
      case "finish":
      case "error":
        this.#terminate(event, report);
        return;
      default:
        if (this.#step) this.#step.accept(event, report);
        else report("step-balance", `${event.type} outside of a step`);
    }
  }

  end(report: ReportViolation): void {
    if (!this.#isOver) report("terminal-last", "the run has no terminal event");
  }

  #checkBase(event: AgentEvent, report: ReportViolation): void {
    if (!this.#start && event.type !== "start") {
      report("start-first", `${event.type} before the start`);
    }
    const isRoot = event.rootRunId === event.runId;
    const parents = [event.parentRunId, event.parentToolCallId];
    if (isRoot !== (event.depth === 0) || parents.some((id) => isRoot !== (id === undefined))) {
      report("identity", "root run, depth 0 and no parent call go together");
    }
    const start: EventBase | undefined = this.#start;
    if (start) {
      const fields = [
        "sessionId",
        "rootRunId",
        "depth",
        "parentRunId",
        "parentToolCallId",
      ] as const;
      for (const field of fields) {
        if (event[field] !== start[field]) report("identity", `${field} differs from the start's`);
      }
    }
    const expected = this.#last ? this.#last.sequence + 1 : 0;
    const isGap = this.allowGaps && this.#last && event.sequence > expected;
    if (event.sequence !== expected && !isGap) {
      report("sequence", `sequence is ${event.sequence}, expected ${expected}`);
    }
    if (!isoTime.test(event.time)) report("time", `"${event.time}" is no UTC time in ISO 8601`);
    else if (this.#last && event.time < this.#last.time) report("time", "the time goes back");
  }

  #startStep(event: EventOf<"step-start">, report: ReportViolation): void {
    if (this.#step) report("step-balance", "a step before the last one is finished");
    if (this.#facts.failed) report("observation", "a step after an action that failed");
    this.#steps += 1;
    if (event.step !== this.#steps) {
      report("step-balance", `step ${event.step} follows step ${this.#steps - 1}`);
    }
    this.#step = new StepChecker(event.step, this.#facts);
  }

  #finishStep(event: EventOf<"step-finish">, report: ReportViolation): void {
    this.#checkUsage(event.usage, report);
    if (!this.#step) {
      report("step-balance", "step-finish without a step");
      return;
    }
    if (event.step !== this.#step.step) {
      report("step-number", `step-finish names step ${event.step} in step ${this.#step.step}`);
    }
    this.#step.finish(report);
    this.#step = undefined;
  }

  #terminate(event: EventOf<"finish" | "error">, report: ReportViolation): void {
    this.#isOver = true;
    if (this.#step) report("step-balance", "the run ended within a step");
    if (event.steps !== this.#steps) {
      report("totals", `the terminal event counts ${event.steps} steps of ${this.#steps}`);
    }
    this.#checkUsage(event.usage, report);
    if (event.type === "finish" && "output" in event !== (event.status === "answered")) {
      report("totals", `status ${event.status} and the output do not fit`);
    }
    if (event.type === "finish" && this.#facts.failed) {
      report("observation", "an action failed, but the run ended without a fault");
    }
  }

  #checkUsage(usage: UsageTotal, report: ReportViolation): void {
    const before = this.#usage;
    this.#usage = usage;
    if (!before) return;
    const counts = [
      "inputTokens",
      "outputTokens",
      "cachedInputTokens",
      "reasoningTokens",
      "requests",
    ] as const;
    for (const count of counts) {
      if (usage[count] < before[count]) report("totals", `usage.${count} shrinks`);
    }
    if (usage.complete && !before.complete) report("totals", "usage became complete again");
  }
}

/** Whether a value is made only of what JSON carries; an `undefined` member is not. */
function survivesJson(value: unknown): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) return Array.from(value as unknown[]).every(survivesJson);
  if (typeof value !== "object") return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value).every(survivesJson);
}
