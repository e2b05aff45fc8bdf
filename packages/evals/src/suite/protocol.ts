/**
 * How a re-run of a published benchmark is carried out: `paper` as it was, with its traps and
 * handicaps, `fixed` with those repaired.
 */
export type Protocol = "paper" | "fixed";
