import type { SequenceEvaluateOptions, Token } from "node-llama-cpp";
import type { Sequence } from "./sequence-pool.js";

/** What {@link sampleTokens} is told. */
export interface Sampling {
  options: SequenceEvaluateOptions;
  /** Called once, with how many tokens of the prompt were evaluated earlier. */
  onReused: (tokens: number) => void;
  /** Looked at between pieces of the prompt, whose evaluation may take long. */
  signal: AbortSignal;
}

/** Small enough that an abort frees the sequence soon, large enough to be evaluated well. */
const tokensPerPiece = 128;

/**
 * Brings the sequence to the prompt, evaluating only what differs from what it holds, and yields
 * one sampled token after the other, those that end a message included.
 */
export async function* sampleTokens(
  sequence: Sequence,
  prompt: Token[],
  { options, onReused, signal }: Sampling,
): AsyncGenerator<Token, void, undefined> {
  // At least the last token is evaluated again, because the next one is sampled from it.
  await sequence.adaptStateToTokens(prompt.slice(0, -1), false);
  let position = sequence.nextTokenIndex;
  onReused(position);
  for (; prompt.length - position > tokensPerPiece; position += tokensPerPiece) {
    if (signal.aborted) return;
    const piece = prompt.slice(position, position + tokensPerPiece);
    await sequence.evaluateWithoutGeneratingNewTokens(piece);
  }
  if (signal.aborted) return;
  yield* sequence.evaluate(prompt.slice(position), { ...options, yieldEogToken: true });
}
