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
export function watchAbort(signal: AbortSignal): { rejected: Promise<never>; release(): void } {
  let onAbort = (): void => undefined;
  const rejected = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
  // Whoever races it has moved on when it rejects late.
  rejected.catch(() => undefined);
  return { rejected, release: () => signal.removeEventListener("abort", onAbort) };
}

/** Calls `onAbort` when the signal aborts, at once if it has. Returns the function that stops it. */
export function onAbort(signal: AbortSignal, listener: (reason: unknown) => void): () => void {
  const handle = () => listener(signal.reason);
  if (signal.aborted) {
    handle();
    return () => undefined;
  }
  signal.addEventListener("abort", handle, { once: true });
  return () => signal.removeEventListener("abort", handle);
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
