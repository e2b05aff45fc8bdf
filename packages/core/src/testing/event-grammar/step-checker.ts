import type { AgentEvent } from "../../events/event.js";
import { ActionChecker, isActionPart, type RunIds } from "./action-checker.js";
import type { EventOf, ReportViolation } from "./violation.js";

/** The events that lie between `step-start` and `step-finish`. */
export type StepPartEvent = Exclude<
  AgentEvent,
  EventOf<"start" | "step-start" | "step-finish" | "finish" | "error">
>;

/** What steps of one run share. */
export interface RunFacts extends RunIds {
  /** Action ids of the whole session. */
  actions: Set<string>;
  /** An infrastructure fault ended an action, so that the run must end by `error`. */
  failed: boolean;
}

/** The order of events within one step. */
export class StepChecker {
  #hasMessage = false;
  #action: ActionChecker | undefined;
  #actions = 0;
  #hasFeedback = false;

  constructor(
    readonly step: number,
    private readonly facts: RunFacts,
  ) {}

  accept(event: StepPartEvent, report: ReportViolation): void {
    if (event.step !== this.step) {
      report("step-number", `${event.type} names step ${event.step} in step ${this.step}`);
    }
    if (isActionPart(event)) {
      this.#acceptActionPart(event, report);
      return;
    }
    switch (event.type) {
      case "message-delta":
      case "reasoning-delta":
        if (this.#hasMessage) report("message-order", `${event.type} after the message`);
        return;
      case "message":
        if (this.#hasMessage) report("message-order", "a second message in one step");
        this.#hasMessage = true;
        return;
      case "action":
        this.#begin(event, report);
        return;
      case "observation":
        this.#feedback(event, report);
        return;
    }
  }

  finish(report: ReportViolation): void {
    if (this.#action) report("observation", "the step ended before its action had an observation");
  }

  #acceptActionPart(event: Parameters<ActionChecker["accept"]>[0], report: ReportViolation): void {
    if (!this.#action) {
      report("action-order", `${event.type} outside of an action`);
      return;
    }
    if (!this.#action.accept(event, report)) return;
    this.#action = undefined;
    if (event.type === "observation" && event.status === "failed") this.facts.failed = true;
  }

  #begin(event: EventOf<"action">, report: ReportViolation): void {
    if (!this.#hasMessage) report("message-order", "an action before the message");
    if (this.#action) report("observation", "an action before the observation of the last one");
    if (this.#hasFeedback) report("feedback", "an action after the feedback");
    if (this.facts.failed) report("observation", "an action after one that failed");
    if (this.facts.actions.has(event.actionId)) {
      report("unique-id", `action ${event.actionId} exists already`);
    }
    this.facts.actions.add(event.actionId);
    this.#actions += 1;
    if (this.#actions > 1 && event.thought !== "") {
      report("action-order", "a thought that is not on the message's first action");
    }
    this.#action = new ActionChecker(event, this.facts);
  }

  #feedback(event: EventOf<"observation">, report: ReportViolation): void {
    if (!this.#hasMessage) report("message-order", "feedback before the message");
    if (this.#action) report("observation", "feedback before the observation of the action");
    if (this.#hasFeedback) report("feedback", "a second feedback in one step");
    if (event.status !== "invalid" && event.status !== "rejected") {
      report("feedback", `an observation without an action has status ${event.status}`);
    }
    if (event.status === "invalid" && this.#actions > 0) {
      report("feedback", "a message with actions is called invalid");
    }
    this.#hasFeedback = true;
  }
}
