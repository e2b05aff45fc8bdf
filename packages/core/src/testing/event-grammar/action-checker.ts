import type { ActionEvent, AgentEvent } from "../../events/event.js";
import type { EventOf, ReportViolation } from "./violation.js";

/** The events that lie between an action and its observation. */
export type ActionPartEvent =
  | EventOf<"approval-request" | "approval-result" | "output" | "tool-call" | "tool-result">
  | (EventOf<"observation"> & { actionId: string });

/** Whether an event belongs to an action: an observation does where it names one. */
export function isActionPart(event: AgentEvent): event is ActionPartEvent {
  switch (event.type) {
    case "approval-request":
    case "approval-result":
    case "output":
    case "tool-call":
    case "tool-result":
      return true;
    case "observation":
      return event.actionId !== undefined;
    default:
      return false;
  }
}

/** Ids that one run must not use twice. */
export interface RunIds {
  toolCalls: Set<string>;
  approvals: Set<string>;
}

/** The order of events within one action. */
export class ActionChecker {
  readonly #openCalls = new Map<string, EventOf<"tool-call">>();
  readonly #openApprovals = new Map<string, EventOf<"approval-request">>();
  /** The whole action's approval: it comes first and alone. */
  #approval: "none" | "pending" | "allow" | "deny" | "edit" | "aborted" = "none";
  #begun = false;

  constructor(
    private readonly action: ActionEvent,
    private readonly ids: RunIds,
  ) {}

  /** @returns whether the action is complete with this event */
  accept(event: ActionPartEvent, report: ReportViolation): boolean {
    if (event.actionId !== this.action.actionId) {
      report("action-order", `${event.type} names action ${event.actionId}`);
    }
    switch (event.type) {
      case "approval-request":
        this.#request(event, report);
        return false;
      case "approval-result":
        this.#answer(event, report);
        return false;
      case "output":
        this.#begin(event, report);
        return false;
      case "tool-call":
        this.#begin(event, report);
        if (this.ids.toolCalls.has(event.toolCallId)) {
          report("unique-id", `tool call ${event.toolCallId} exists already`);
        }
        this.ids.toolCalls.add(event.toolCallId);
        this.#openCalls.set(event.toolCallId, event);
        return false;
      case "tool-result":
        this.#result(event, report);
        return false;
      case "observation":
        this.#observe(event, report);
        return true;
    }
  }

  /** Something of the cell happens, so the action itself must be free to run. */
  #begin(event: ActionPartEvent, report: ReportViolation): void {
    if (this.#approval === "pending") {
      report("approval", `${event.type} while the action waits for its approval`);
    } else if (this.#approval === "deny" || this.#approval === "aborted") {
      report("approval", `${event.type} in an action that was not approved`);
    }
    this.#begun = true;
  }

  #request(event: EventOf<"approval-request">, report: ReportViolation): void {
    if (this.ids.approvals.has(event.approvalId)) {
      report("unique-id", `approval ${event.approvalId} exists already`);
    }
    this.ids.approvals.add(event.approvalId);
    this.#openApprovals.set(event.approvalId, event);
    if (event.toolCall) {
      this.#begin(event, report);
      return;
    }
    if (this.#begun || this.#approval !== "none") {
      report("approval", "the approval of an action comes once and before all else");
    }
    this.#approval = "pending";
  }

  #answer(event: EventOf<"approval-result">, report: ReportViolation): void {
    const request = this.#openApprovals.get(event.approvalId);
    if (!request) {
      report("approval", `approval-result ${event.approvalId} answers no open request`);
      return;
    }
    this.#openApprovals.delete(event.approvalId);
    if (!request.toolCall) this.#approval = event.decision;
    const editsWrongThing = request.toolCall ? event.action !== undefined : "input" in event;
    const isEdited = event.action !== undefined || event.input !== undefined;
    if (editsWrongThing || isEdited !== (event.decision === "edit")) {
      report("approval", `the decision "${event.decision}" does not fit what was edited`);
    }
  }

  #result(event: EventOf<"tool-result">, report: ReportViolation): void {
    const call = this.#openCalls.get(event.toolCallId);
    this.#openCalls.delete(event.toolCallId);
    if (!call) {
      report("tool-call", `tool-result ${event.toolCallId} answers no open call`);
    } else if (call.name !== event.name) {
      report("tool-call", `tool-result names ${event.name}, its call ${call.name}`);
    }
    if ("value" in event === "error" in event) {
      report("tool-call", "a tool-result has either a value or an error");
    }
  }

  #observe(event: EventOf<"observation">, report: ReportViolation): void {
    for (const id of this.#openCalls.keys()) {
      report("tool-call", `tool call ${id} has no result before the observation`);
    }
    for (const id of this.#openApprovals.keys()) {
      report("approval", `approval ${id} has no result before the observation`);
    }
    if (event.status === "invalid" || event.status === "rejected") {
      report("observation", `the observation of an action cannot be ${event.status}`);
    }
    if ((event.status === "denied") !== (this.#approval === "deny")) {
      report("approval", `decision ${this.#approval}, but the observation is ${event.status}`);
    }
    if (this.#approval === "aborted" && event.status === "ok") {
      report("approval", "an action without approval cannot end `ok`");
    }
  }
}
