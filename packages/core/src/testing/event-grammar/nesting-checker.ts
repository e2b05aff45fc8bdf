import type { AgentEvent } from "../../events/event.js";
import type { EventOf, ReportViolation } from "./violation.js";

interface OpenCall {
  event: EventOf<"tool-call">;
  /** Runs of sub-agents that this call certainly started and that have not ended. */
  children: Set<string>;
}

/** Where the events of sub-agents lie: between the tool call that started them and its result. */
export class NestingChecker {
  readonly #listedRuns: ReadonlySet<string>;
  readonly #openCalls: OpenCall[] = [];

  constructor(events: readonly AgentEvent[]) {
    this.#listedRuns = new Set(events.map((event) => event.runId));
  }

  accept(event: AgentEvent, report: ReportViolation): void {
    // A listener of a sub-agent alone sees no parent.
    if (event.parentToolCallId !== undefined && this.#listedRuns.has(event.rootRunId)) {
      this.#checkParent(event, report);
    }
    if (event.type === "tool-call") this.#openCalls.push({ event, children: new Set() });
    else if (event.type === "tool-result") this.#close(event, report);
  }

  #checkParent(event: AgentEvent, report: ReportViolation): void {
    const call = this.#openCalls.find(
      (open) =>
        open.event.runId === event.parentRunId && open.event.toolCallId === event.parentToolCallId,
    );
    if (!call || call.event.depth !== event.depth - 1) {
      report("nesting", `${event.type} lies outside of the tool call ${event.parentToolCallId}`);
    } else if (event.type === "finish" || event.type === "error") {
      call.children.delete(event.runId);
    } else {
      call.children.add(event.runId);
    }
  }

  #close(event: EventOf<"tool-result">, report: ReportViolation): void {
    const index = this.#openCalls.findIndex(
      (call) => call.event.toolCallId === event.toolCallId && call.event.runId === event.runId,
    );
    const [call] = index === -1 ? [] : this.#openCalls.splice(index, 1);
    for (const child of call?.children ?? []) {
      report("nesting", `the tool call ended before its run ${child}`);
    }
  }
}
