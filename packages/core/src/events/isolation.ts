/** A listener threw or rejected. It belongs to no run and changes none. */
export interface ListenerErrorEvent {
  type: "listener-error";
  /** The name of the event that was being delivered. */
  event: string;
  /** What the listener threw. */
  error: unknown;
}

/** Calls a listener and reports what it throws, at once or by a rejected promise. */
export function callIsolated(call: () => unknown, report: (error: unknown) => void): void {
  try {
    const result = call();
    if (isThenable(result)) result.then(undefined, report);
  } catch (error) {
    report(error);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    "then" in value &&
    typeof value.then === "function"
  );
}
