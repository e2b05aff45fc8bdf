import type { FormatName } from "../suite/format.js";
import type { AttemptRecord, AttemptResult, FaultRecord } from "./attempt-record.js";
import { attemptId } from "./attempt-record.js";
import type { PlannedAttempt } from "./plan.js";

/** How far an evaluation is. */
export interface EvaluationProgress {
  /** Attempts that the evaluation has to make, those made by earlier runs included. */
  total: number;
  /** Attempts with a result. */
  done: number;
  /** Attempts that ended by a fault. */
  faults: number;
  /** Attempts under way. */
  active: number;
  formats: { format: FormatName; attempts: number; successes: number }[];
  /** Input and output tokens of all attempts, as far as they were reported. */
  tokens: number;
  elapsedMs: number;
  /** How long the rest will take at the pace of this run; absent before the first result. */
  leftMs?: number;
}

/** Counts results and tells a listener. */
export class ProgressCounter {
  readonly #total: number;
  readonly #onProgress: ((progress: EvaluationProgress) => void) | undefined;
  readonly #formats = new Map<FormatName, { attempts: number; successes: number }>();
  readonly #started = performance.now();
  #done = 0;
  #doneByThisRun = 0;
  #faults = 0;
  #active = 0;
  #tokens = 0;

  constructor(
    plan: readonly PlannedAttempt[],
    earlier: readonly AttemptResult[],
    onProgress: ((progress: EvaluationProgress) => void) | undefined,
  ) {
    this.#total = plan.length;
    this.#onProgress = onProgress;
    const planned = new Set(plan.map(({ key }) => attemptId(key)));
    for (const { key } of plan) this.#formats.set(key.format, { attempts: 0, successes: 0 });
    for (const result of earlier) if (planned.has(attemptId(result))) this.#count(result);
    this.#tell();
  }

  /** Counts an attempt as active while it is made. */
  async during<T>(make: () => Promise<T>): Promise<T> {
    this.#active += 1;
    this.#tell();
    try {
      return await make();
    } finally {
      this.#active -= 1;
    }
  }

  add(record: AttemptRecord | FaultRecord): void {
    if (record.type === "fault") this.#faults += 1;
    else {
      this.#doneByThisRun += 1;
      this.#count(record);
    }
    this.#tell();
  }

  #count({ format, success, usage }: AttemptResult): void {
    this.#done += 1;
    this.#tokens += usage.inputTokens + usage.outputTokens;
    const counts = this.#formats.get(format);
    if (counts === undefined) return;
    counts.attempts += 1;
    if (success) counts.successes += 1;
  }

  #tell(): void {
    const elapsedMs = performance.now() - this.#started;
    const left = this.#total - this.#done;
    this.#onProgress?.({
      total: this.#total,
      done: this.#done,
      faults: this.#faults,
      active: this.#active,
      formats: [...this.#formats].map(([format, counts]) => ({ format, ...counts })),
      tokens: this.#tokens,
      elapsedMs,
      ...(this.#doneByThisRun > 0 && { leftMs: (elapsedMs / this.#doneByThisRun) * left }),
    });
  }
}
