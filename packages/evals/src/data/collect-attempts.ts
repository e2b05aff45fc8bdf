import type { AttemptRecord } from "../run/attempt-record.js";
import { readAttempts, readHeader } from "../run/journal-reader.js";

/** An attempt and the evaluation that it comes from, without which it could not be told from others. */
export interface SourcedAttempt {
  attempt: AttemptRecord;
  suite: string;
  model: string;
}

/**
 * The attempts of several journals, one in memory at a time.
 * @throws `CodeActError` with code `invalid-option` when one cannot be read, or is no journal
 *
 * @example
 * ```ts
 * const attempts = collectAttempts(["composed/journal.jsonl", "mint/journal.jsonl"]);
 * const { conversations } = await selectConversations(attempts);
 * ```
 */
export async function* collectAttempts(
  journals: readonly string[],
): AsyncGenerator<SourcedAttempt, void, undefined> {
  for (const journal of journals) {
    const { suite, model } = await readHeader(journal);
    for await (const attempt of readAttempts(journal)) yield { attempt, suite, model };
  }
}
