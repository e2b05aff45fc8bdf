import { CodeActError, type JsonObject } from "@codeact/core";
import type { FormatName } from "../suite/format.js";
import type { Suite } from "../suite/task.js";
import {
  attemptId,
  type AttemptResult,
  type EvaluationHeader,
  type FaultRecord,
  withoutTranscript,
} from "./attempt-record.js";
import { type Evaluation, evaluationOf } from "./journal-reader.js";
import { JournalWriter } from "./journal-writer.js";
import type { EvaluationOptions } from "./options.js";
import { type PlannedAttempt, planAttempts } from "./plan.js";
import { ProgressCounter } from "./progress.js";
import { limitsOf, makeAttempt } from "./make-attempt.js";

/** After so many attempts in a row without a result something is wrong with the setting. */
const maximumFaults = 5;

/**
 * Tries every task of a suite in every format, and writes each result to a journal. Attempts that
 * the journal has already are not made again, so that the same call goes on with an evaluation that
 * was broken off, however that happened. Attempts that ended by a fault are made again.
 *
 * @returns what the journal then says, results of earlier runs included
 * @throws `signal.reason` when aborted; `CodeActError` with code `invalid-option` for options that
 * cannot be used or a journal of another evaluation; the fault itself after five in a row
 *
 * @example
 * ```ts
 * const { results } = await runEvaluation({
 *   suite: composedSuite(),
 *   model: new OpenAIModel({ model: "gpt-5" }),
 *   executor,
 *   journal: "results/journal.jsonl",
 * });
 * ```
 */
export async function runEvaluation(options: EvaluationOptions): Promise<Evaluation> {
  const { suite, journal, repeats = 1, concurrency = 4, signal, onProgress } = options;
  const formats = options.formats ?? defaultFormats(suite);
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new CodeActError(
      "invalid-option",
      `concurrency must be a whole number above 0, not ${concurrency}.`,
    );
  }
  const plan = planAttempts(suite, formats, repeats);
  signal?.throwIfAborted();
  const { writer, earlier } = await JournalWriter.open(journal, headerOf(options));
  try {
    const done = new Set(earlier.results.map(attemptId));
    const left = plan.filter(({ key }) => !done.has(attemptId(key)));
    const progress = new ProgressCounter(plan, earlier.results, onProgress);
    const made = await makeAll(left, { options, writer, progress, concurrency });
    // What reading the journal again would give, which takes long where it is large.
    return evaluationOf(earlier.header, [...earlier.results, ...earlier.faults, ...made]);
  } finally {
    await writer.close();
  }
}

function defaultFormats({ formats }: Suite): FormatName[] {
  return formats.filter((format) => format !== "native");
}

function headerOf({ suite, model, limits, sampling }: EvaluationOptions): EvaluationHeader {
  // As JSON gives it back, since it is compared with what a file says.
  const plain = (value: object = {}): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;
  return {
    format: "codeact-evaluation",
    version: 1,
    suite: suite.name,
    settings: plain(suite.settings),
    model: model.id,
    limits: plain(limitsOf(suite, limits)),
    sampling: plain(sampling),
    ...(suite.taskHash !== undefined && { taskHash: suite.taskHash }),
  };
}

interface Work {
  options: EvaluationOptions;
  writer: JournalWriter;
  progress: ProgressCounter;
  concurrency: number;
}

async function makeAll(
  left: readonly PlannedAttempt[],
  work: Work,
): Promise<(AttemptResult | FaultRecord)[]> {
  const { options, writer, progress, concurrency } = work;
  const stop = new AbortController();
  const forward = (): void => stop.abort(options.signal?.reason);
  options.signal?.addEventListener("abort", forward, { once: true });
  if (options.signal?.aborted) forward();
  const queue = left[Symbol.iterator]();
  const made: (AttemptResult | FaultRecord)[] = [];
  let faults = 0;
  const makeNext = async (): Promise<void> => {
    for (const planned of queue) {
      stop.signal.throwIfAborted();
      const attempt = await progress.during(() => makeAttempt(planned, options, stop.signal));
      await writer.append(attempt.record);
      const { record } = attempt;
      made.push(record.type === "fault" ? record : withoutTranscript(record));
      progress.add(record);
      faults = record.type === "fault" ? faults + 1 : 0;
      if (faults >= maximumFaults) throw attempt.error;
    }
  };
  try {
    const workers = Array.from({ length: Math.min(concurrency, left.length) }, async () => {
      try {
        await makeNext();
      } catch (error) {
        stop.abort(error);
        throw error;
      }
    });
    await Promise.allSettled(workers);
    stop.signal.throwIfAborted();
    return made;
  } finally {
    options.signal?.removeEventListener("abort", forward);
  }
}
