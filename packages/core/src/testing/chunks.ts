/** A small deterministic generator of numbers in [0, 1), for repeatable chunk sizes. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How a text is cut: pieces of one size, or of sizes drawn from `seed`. */
export type ChunkPlan = { size: number } | { seed: number };

function pieceSizes(plan: ChunkPlan): () => number {
  if ("size" in plan) return () => plan.size;
  const random = seededRandom(plan.seed);
  return () => 1 + Math.floor(random() * 7);
}

/**
 * Cuts a text at code units, so that tags, line ends and surrogate pairs come apart. Without a
 * fixed size, pieces have 1 to 7 code units.
 */
export function* chunks(text: string, plan: ChunkPlan): Generator<string> {
  const nextSize = pieceSizes(plan);
  for (let start = 0; start < text.length; ) {
    const end = Math.min(text.length, start + nextSize());
    yield text.slice(start, end);
    start = end;
  }
}
