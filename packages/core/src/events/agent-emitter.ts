import { EventEmitter } from "eventemitter3";
import type { AgentEvent } from "./event.js";
import { callIsolated, type ListenerErrorEvent } from "./isolation.js";

/**
 * The events of an agent: each kind of {@link AgentEvent} under its `type`, all of them under
 * `event`, and `listener-error`, which belongs to no run.
 */
export type AgentEvents = {
  [TType in AgentEvent["type"]]: (event: Extract<AgentEvent, { type: TType }>) => void;
} & {
  event: (event: AgentEvent) => void;
  "listener-error": (event: ListenerErrorEvent) => void;
};

type Name = keyof AgentEvents;
type Guard<TName extends Name> = EventEmitter.EventListener<AgentEvents, TName>;
/** What it returns does not matter; a promise that rejects is isolated like a throw. */
type Listener<TName extends Name> = (...values: Parameters<Guard<TName>>) => unknown;

/**
 * An emitter whose listeners cannot hurt each other or the agent: one that throws or rejects is
 * reported as `listener-error`, and the others are still called. (eventemitter3 alone stops at
 * the first throw.)
 */
export class AgentEmitter extends EventEmitter<AgentEvents> {
  /** Each listener is registered through one guard a name, so that `off` finds it again. */
  readonly #guards = new WeakMap<object, Map<Name, unknown>>();

  override on<TName extends Name>(event: TName, listener: Listener<TName>, self?: unknown): this {
    return super.on(event, this.#guard(event, listener), self);
  }

  override once<TName extends Name>(event: TName, listener: Listener<TName>, self?: unknown): this {
    return super.once(event, this.#guard(event, listener), self);
  }

  override off<TName extends Name>(
    event: TName,
    listener?: Listener<TName>,
    self?: unknown,
    once?: boolean,
  ): this {
    return super.off(event, listener && this.#guard(event, listener), self, once);
  }

  override addListener<TName extends Name>(
    event: TName,
    listener: Listener<TName>,
    self?: unknown,
  ): this {
    return this.on(event, listener, self);
  }

  override removeListener<TName extends Name>(
    event: TName,
    listener?: Listener<TName>,
    self?: unknown,
    once?: boolean,
  ): this {
    return this.off(event, listener, self, once);
  }

  /** Delivers an event of a run: first under its own name, then under `event`. */
  protected deliver(event: AgentEvent): void {
    // The union cannot be matched with its own name by the checker: each `type` has one payload.
    (this.emit as (name: Name, event: AgentEvent) => boolean)(event.type, event);
    this.emit("event", event);
  }

  /** Reports a listener's failure; on the console when nobody listens for it. */
  protected reportListenerError(event: string, error: unknown): void {
    const heard =
      event !== "listener-error" &&
      this.emit("listener-error", { type: "listener-error", event, error });
    // oxlint-disable-next-line no-console -- the last place where the failure is not lost
    if (!heard) console.error(`A listener of "${event}" failed:`, error);
  }

  #guard<TName extends Name>(name: TName, listener: Listener<TName>): Guard<TName> {
    const guards = this.#guards.get(listener) ?? new Map<Name, unknown>();
    this.#guards.set(listener, guards);
    const known = guards.get(name);
    if (known) return known as Guard<TName>;
    const report = (error: unknown) => this.reportListenerError(name, error);
    const guard = function (this: unknown, ...values: Parameters<Guard<TName>>) {
      callIsolated(() => Reflect.apply(listener, this, values), report);
    } as Guard<TName>;
    guards.set(name, guard);
    // eventemitter3 itself calls `off` with the guard of a `once` listener.
    this.#guards.set(guard, new Map([[name, guard]]));
    return guard;
  }
}
