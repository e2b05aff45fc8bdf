import { invalidOption, maximumDelayMs, withDefaults } from "./option-checks.js";

/** Bounds of a run. `Infinity` lifts any of them but `outputBytes`. */
export interface Limits {
  /** Model messages in a run. @defaultValue 20 */
  steps: number;
  /** How long one cell may run, in milliseconds. @defaultValue 60,000 */
  cellTimeoutMs: number;
  /** How long the whole run may take, in milliseconds. @defaultValue no limit */
  runTimeoutMs: number;
  /**
   * Input and output tokens of a run, sub-agents included. Checked before each request, so that
   * the last one may exceed it. Needs a model that reports usage. @defaultValue no limit
   */
  tokens: number;
  /** Messages in a row that are neither action nor answer. @defaultValue 3 */
  invalidMessages: number;
  /** Bytes of output kept for each cell. @defaultValue 1,000,000 */
  outputBytes: number;
  /** Characters of an observation that the model reads. @defaultValue 10,000 */
  observationCharacters: number;
}

const defaultLimits: Limits = {
  steps: 20,
  cellTimeoutMs: 60_000,
  runTimeoutMs: Number.POSITIVE_INFINITY,
  tokens: Number.POSITIVE_INFINITY,
  invalidMessages: 3,
  outputBytes: 1_000_000,
  observationCharacters: 10_000,
};

/** The limits of a run: defaults where none is given, each checked. */
export function resolveLimits(given?: Partial<Limits>): Limits {
  const limits = withDefaults("limits", defaultLimits, given);
  for (const [name, value] of Object.entries(limits)) {
    if (typeof value !== "number" || !(value > 0)) {
      throw invalidOption(`limits.${name} must be a positive number, not ${String(value)}.`);
    }
    if (value === Number.POSITIVE_INFINITY && name !== "outputBytes") continue;
    if (!name.endsWith("Ms") && !Number.isInteger(value)) {
      throw invalidOption(`limits.${name} must be a whole number, not ${value}.`);
    }
    if (name.endsWith("Ms") && value > maximumDelayMs) {
      throw invalidOption(
        `limits.${name} must be at most ${maximumDelayMs}, or Infinity for no limit, not ${value}.`,
      );
    }
  }
  return limits;
}
