import { CodeActError } from "@codeact/core";

const defaultIdleTimeoutMs = 300_000;
const longestIdleTimeoutMs = 2_000_000_000;

/** The option `idleTimeoutMs` of a model. @throws `CodeActError` with code `invalid-option` */
export function readIdleTimeoutMs(owner: string, given = defaultIdleTimeoutMs): number {
  if (Number.isInteger(given) && given >= 1 && given <= longestIdleTimeoutMs) return given;
  throw new CodeActError(
    "invalid-option",
    `${owner}: idleTimeoutMs is ${given}. Give whole milliseconds from 1 to ${longestIdleTimeoutMs}.`,
  );
}
