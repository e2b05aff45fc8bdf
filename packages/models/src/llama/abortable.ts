/**
 * Iterates like `source`, but throws the signal's reason as soon as it aborts, without waiting
 * for the item that is being made. It never closes `source`: that would mean to wait.
 */
export async function* untilAborted<T>(
  source: AsyncIterator<T, unknown, undefined>,
  signal: AbortSignal,
  /** Gets the promise of every item. */
  watch: (next: Promise<unknown>) => void,
): AsyncGenerator<T, void, undefined> {
  const abort = watchAbort(signal);
  try {
    while (true) {
      const coming = source.next();
      watch(coming);
      const next = await Promise.race([coming, abort.rejected]);
      if (next.done) return;
      yield next.value;
      signal.throwIfAborted();
    }
  } finally {
    abort.release();
  }
}

/** A promise that rejects when the signal aborts. `release` removes the listener. */
export function watchAbort(signal: AbortSignal): { rejected: Promise<never>; release: () => void } {
  let release = (): void => undefined;
  const rejected = new Promise<never>((_resolve, reject) => {
    const listener = () => reject(signal.reason as Error);
    signal.addEventListener("abort", listener, { once: true });
    release = () => signal.removeEventListener("abort", listener);
    if (signal.aborted) listener();
  });
  // Whoever races it has moved on when it rejects late.
  rejected.catch(() => undefined);
  return { rejected, release };
}
