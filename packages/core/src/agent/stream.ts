import type { AgentEvent } from "../events/event.js";
import type { Trajectory } from "../trajectory/trajectory.js";
import { EventQueue } from "./event-queue.js";
import type { AgentResult } from "./result.js";
import type { RunHandle } from "./session-state.js";

/**
 * A run whose events can be iterated, once. The run has started already and does not wait to be
 * read. Leaving the loop early aborts the run. After the terminal event the iterator throws what
 * the run rejects with, if it does.
 *
 * @example
 * ```ts
 * const stream = agent.stream("What is 2 ** 100?");
 * for await (const event of stream) {
 *   if (event.type === "message-delta") process.stdout.write(event.text);
 * }
 * const result = await stream.result;
 * ```
 */
export interface AgentStream<TOutput = string> extends AsyncIterable<AgentEvent> {
  /** Settles like `run` would. Nobody has to read it. */
  readonly result: Promise<AgentResult<TOutput>>;
  /** What happened so far; readable at any time, also after a fault. */
  readonly trajectory: Trajectory;
}

/** Begins a run and streams its events. */
export function streamRun<TOutput>(
  begin: (watch: (event: AgentEvent) => void) => RunHandle<TOutput>,
): AgentStream<TOutput> {
  const queue = new EventQueue();
  const { result, trajectory, abort } = begin((event) => queue.push(event));
  result.then(
    () => queue.end(),
    (error: unknown) => queue.fail(error),
  );
  return {
    result,
    trajectory,
    [Symbol.asyncIterator]: () =>
      queue.iterate(async () => {
        abort(new DOMException("The reader of the stream has left.", "AbortError"));
        await result.catch(() => undefined);
      }),
  };
}
