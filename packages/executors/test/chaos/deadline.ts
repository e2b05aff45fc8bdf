const patienceMs = 60_000;

/** Settles like `promise`; one that does not settle is what chaos looks for. */
export async function settled<T>(what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${what} did not settle within ${patienceMs} ms`)),
      patienceMs,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until nothing is left over. */
export async function empty(what: string, leftovers: () => readonly string[]): Promise<void> {
  const end = performance.now() + patienceMs / 4;
  for (;;) {
    const left = leftovers();
    if (left.length === 0) return;
    if (performance.now() > end) throw new Error(`${what}: ${left.slice(0, 20).join("; ")}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
