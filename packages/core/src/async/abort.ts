type AbortListener = (reason: unknown) => void;

interface Hub {
  listeners: Set<AbortListener>;
  handle: () => void;
}

/**
 * One event listener a signal, however many wait for it: a signal that an application shares by
 * many runs would otherwise make Node warn of a leak.
 */
const hubs = new WeakMap<AbortSignal, Hub>();

/** Calls `listener` when the signal aborts, at once if it has. Returns what stops that. */
export function onAbort(signal: AbortSignal, listener: AbortListener): () => void {
  if (signal.aborted) {
    listener(signal.reason);
    return () => undefined;
  }
  const hub = hubs.get(signal) ?? openHub(signal);
  hub.listeners.add(listener);
  return () => {
    hub.listeners.delete(listener);
    if (hub.listeners.size > 0 || hubs.get(signal) !== hub) return;
    hubs.delete(signal);
    signal.removeEventListener("abort", hub.handle);
  };
}

function openHub(signal: AbortSignal): Hub {
  const listeners = new Set<AbortListener>();
  const handle = () => {
    hubs.delete(signal);
    for (const listener of listeners) listener(signal.reason);
  };
  const hub = { listeners, handle };
  hubs.set(signal, hub);
  signal.addEventListener("abort", handle, { once: true });
  return hub;
}

/** Settles like `promise`, or rejects with the signal's reason as soon as it aborts. */
export async function abortable<T>(promise: PromiseLike<T>, signal: AbortSignal): Promise<T> {
  const abort = watchAbort(signal);
  try {
    return await Promise.race([promise, abort.rejected]);
  } finally {
    abort.release();
  }
}

/**
 * A promise that rejects when the signal aborts, to race many promises against. `release`
 * removes the listener.
 */
export function watchAbort(signal: AbortSignal): { rejected: Promise<never>; release: () => void } {
  let release = (): void => undefined;
  const rejected = new Promise<never>((_resolve, reject) => {
    release = onAbort(signal, reject);
  });
  // Whoever races it has moved on when it rejects late.
  rejected.catch(() => undefined);
  return { rejected, release };
}

/** Waits, or rejects with the signal's reason when it aborts first. */
export async function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await abortable(
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, milliseconds);
      }),
      signal,
    );
  } finally {
    clearTimeout(timer);
  }
}
