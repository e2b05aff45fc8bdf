const callbacks = new Set<() => void>();

/**
 * Calls back, synchronously, when the host's process exits without having closed. One listener
 * serves all, and none is left when nothing is open.
 */
export function onHostExit(callback: () => void): () => void {
  if (callbacks.size === 0) process.on("exit", callAll);
  callbacks.add(callback);
  return () => {
    if (callbacks.delete(callback) && callbacks.size === 0) process.off("exit", callAll);
  };
}

function callAll(): void {
  // Newest first: a process ends before its directory goes.
  for (const callback of [...callbacks].reverse()) {
    try {
      callback();
    } catch {
      // The host is exiting: nobody is left to tell, and the other callbacks must run.
    }
  }
}
