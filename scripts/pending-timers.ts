/** The timers that were set by `setTimeout` since the watch began. */
export interface TimerWatch {
  /** The delays of those that neither ran nor were cleared. */
  pendingMs: () => number[];
  stop: () => void;
}

/**
 * Watches the global `setTimeout`. `process.getActiveResourcesInfo()` counts the test runner's own
 * timers too, which come and go meanwhile.
 */
export function watchTimers(): TimerWatch {
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  const pending = new Map<unknown, number>();
  const watchedSet = (
    callback: (...given: unknown[]) => void,
    delayMs = 0,
    ...given: unknown[]
  ) => {
    const timer = set(() => {
      pending.delete(timer);
      callback(...given);
    }, delayMs);
    pending.set(timer, delayMs);
    return timer;
  };
  const watchedClear = (timer?: Parameters<typeof clear>[0]) => {
    pending.delete(timer);
    clear(timer);
  };
  globalThis.setTimeout = Object.assign(watchedSet, set) as typeof set;
  globalThis.clearTimeout = watchedClear as typeof clear;
  return {
    pendingMs: () => [...pending.values()],
    stop: () => {
      globalThis.setTimeout = set;
      globalThis.clearTimeout = clear;
    },
  };
}
