import { percent } from "../report/wording.js";
import type { EvaluationProgress } from "../run/progress.js";
import type { TextStream } from "./terminal.js";

const barWidth = 20;
const redrawMs = 100;

/** Shows progress: a line that is drawn again on a terminal, a new line at each tenth elsewhere. */
export class ProgressLine {
  readonly #stream: TextStream;
  #lastDrawn = Number.NEGATIVE_INFINITY;
  #lastTenth = -1;
  #last: EvaluationProgress | undefined;

  constructor(stream: TextStream) {
    this.#stream = stream;
  }

  readonly show = (progress: EvaluationProgress): void => {
    this.#last = progress;
    if (this.#stream.isTTY) {
      if (performance.now() - this.#lastDrawn >= redrawMs) this.#draw(progress);
      return;
    }
    const tenth = Math.floor((progress.done / progress.total) * 10);
    if (tenth === this.#lastTenth) return;
    this.#lastTenth = tenth;
    this.#stream.write(`${describeProgress(progress)}\n`);
  };

  /** Leaves the last state standing. */
  end(): void {
    if (!this.#stream.isTTY || this.#last === undefined) return;
    this.#draw(this.#last);
    this.#stream.write("\n");
  }

  #draw(progress: EvaluationProgress): void {
    this.#lastDrawn = performance.now();
    const filled = Math.round((progress.done / progress.total) * barWidth);
    const bar = `${"█".repeat(filled)}${"░".repeat(barWidth - filled)} `;
    const line = `${bar}${describeProgress(progress)}`;
    this.#stream.write(`\r\u001b[2K${line.slice(0, (this.#stream.columns ?? 80) - 1)}`);
  }
}

/** Progress in a line of text. */
export function describeProgress(progress: EvaluationProgress): string {
  const { done, total, faults, formats, tokens, leftMs } = progress;
  return [
    `${done}/${total}`,
    ...formats
      .filter(({ attempts }) => attempts > 0)
      .map(({ format, attempts, successes }) => `${format} ${percent(successes / attempts)}`),
    ...(tokens > 0 ? [`${tokens} tokens`] : []),
    ...(faults > 0 ? [`${faults} faults`] : []),
    ...(leftMs !== undefined && done < total ? [`${duration(leftMs)} left`] : []),
  ].join(" · ");
}

function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
