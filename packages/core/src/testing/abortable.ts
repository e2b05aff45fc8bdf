/**
 * Settles as `promise` does, or rejects with the signal's reason when that comes first. The
 * listener is removed in either case.
 */
export async function abortable<T>(
  promise: PromiseLike<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (!signal) return promise;
  if (signal.aborted) {
    // Given up unread, so that a later rejection must not count as unhandled.
    promise.then(undefined, () => {});
    throw signal.reason;
  }
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    signal.addEventListener("abort", onAbort, { once: true });
    stop = () => signal.removeEventListener("abort", onAbort);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    stop();
  }
}

/**
 * Waits; `Infinity` waits until the signal aborts.
 * @throws the signal's reason
 */
export async function sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const elapsed = new Promise<void>((resolve) => {
    if (durationMs !== Number.POSITIVE_INFINITY) timer = setTimeout(resolve, durationMs);
  });
  try {
    await abortable(elapsed, signal);
  } finally {
    clearTimeout(timer);
  }
}
