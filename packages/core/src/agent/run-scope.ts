import { onAbort } from "../async/abort.js";
import { createIdentifier } from "../async/identifier.js";
import { type AgentEvent, type EventBase, isDurable } from "../events/event.js";
import { addUsage, emptyUsage, type Usage, type UsageTotal } from "../model/usage.js";
import type { Trajectory } from "../trajectory/trajectory.js";

type Fields<TEvent> = TEvent extends AgentEvent ? Omit<TEvent, keyof EventBase> : never;

/** An event without what every event of the run shares. */
export type EventFields = Fields<AgentEvent>;

/** How a sub-agent's run hangs on the tool call that started it. */
export interface ParentRun {
  scope: RunScope;
  toolCallId: string;
}

/** Who ended a run early: its caller, its time limit, or a fault of the infrastructure. */
export type AbortCause = "aborted" | "time-limit" | "fault";

/** What a run is given from outside. */
export interface RunScopeOptions {
  sessionId: string;
  /** Tokens that the run may use. */
  tokenLimit: number;
  /** Receives every event of the run and of its sub-agents. */
  sink: (event: AgentEvent) => void;
  /** Receives the run's own events only. */
  ownSink: (event: AgentEvent) => void;
  signal: AbortSignal | undefined;
  parent: ParentRun | undefined;
}

/**
 * The identity of one run: it numbers the events, records the durable ones, counts tokens, and
 * holds the signal that ends everything the run has started. Sub-agents' scopes hang on it.
 */
export class RunScope {
  readonly runId = createIdentifier("run");
  readonly trajectory: Trajectory = { version: 1, runId: this.runId, events: [] };
  readonly #options: RunScopeOptions;
  readonly #controller = new AbortController();
  readonly #base: Omit<EventBase, "sequence" | "time">;
  readonly #releaseOuter: () => void;
  #sequence = 0;
  #usage: UsageTotal = emptyUsage();
  #abortCause: AbortCause | undefined;
  #ended = false;

  constructor(options: RunScopeOptions) {
    this.#options = options;
    const { parent } = options;
    this.#base = {
      runId: this.runId,
      sessionId: options.sessionId,
      rootRunId: parent ? parent.scope.rootRunId : this.runId,
      depth: parent ? parent.scope.depth + 1 : 0,
      ...(parent && {
        parentRunId: parent.scope.runId,
        parentToolCallId: parent.toolCallId,
      }),
    };
    this.#releaseOuter = options.signal
      ? onAbort(options.signal, (reason) => this.abort("aborted", reason))
      : () => undefined;
  }

  get rootRunId(): string {
    return this.#base.rootRunId;
  }

  get depth(): number {
    return this.#base.depth;
  }

  /** Aborts when the run is to end, for whatever reason. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get usage(): UsageTotal {
    return this.#usage;
  }

  /** Why the run was ended early, if it was. */
  get abortCause(): AbortCause | undefined {
    return this.#abortCause;
  }

  /** Ends everything that the run has started. The first cause stands. */
  abort(cause: AbortCause, reason: unknown): void {
    this.#abortCause ??= cause;
    this.#controller.abort(reason);
  }

  /** Emits an event of this run. After the terminal event there is none. */
  emit(fields: EventFields): void {
    if (this.#ended) return;
    this.#ended = fields.type === "finish" || fields.type === "error";
    const event = {
      ...fields,
      ...this.#base,
      sequence: this.#sequence++,
      time: new Date().toISOString(),
    } as AgentEvent;
    this.#options.ownSink(event);
    this.forward(event);
  }

  /** Hands on an event of this run or of a sub-agent's, and up to the outermost run. */
  forward(event: AgentEvent): void {
    if (isDurable(event)) this.trajectory.events.push(event);
    this.#options.sink(event);
    this.#options.parent?.scope.forward(event);
  }

  /** Counts a model request for this run and for those above it. */
  countUsage(usage: Usage | undefined): void {
    this.#usage = addUsage(this.#usage, usage);
    this.#options.parent?.scope.countUsage(usage);
  }

  /** Whether this run, or one above it, may use so many tokens only. */
  get limitsTokens(): boolean {
    const { tokenLimit, parent } = this.#options;
    return Number.isFinite(tokenLimit) || (parent?.scope.limitsTokens ?? false);
  }

  /** Whether this run, or one above it, has used the tokens it may use. */
  get tokensSpent(): boolean {
    const used = this.#usage.inputTokens + this.#usage.outputTokens;
    return used >= this.#options.tokenLimit || (this.#options.parent?.scope.tokensSpent ?? false);
  }

  /** Lets go of the outer signal. */
  close(): void {
    this.#releaseOuter();
  }
}
