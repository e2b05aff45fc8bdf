import { CodeActError } from "@codeact/core";

/** What timers can count. */
const maxDurationMs = 2 ** 31 - 1;

/** Checks that the options of one executor share; each throws a CodeActError `invalid-option`. */
export interface OptionChecks {
  /** The error for an option that is not what it must be. */
  invalid: (name: string, expected: string) => CodeActError;
  /** A number of milliseconds. */
  readDuration: (name: string, value: number | undefined, fallback: number) => number;
}

/** The checks of an executor, which errors name. */
export function optionChecks(executorName: string): OptionChecks {
  const invalid = (name: string, expected: string): CodeActError =>
    new CodeActError(
      "invalid-option",
      `${executorName}: the option "${name}" must be ${expected}.`,
    );
  return {
    invalid,
    readDuration: (name, value, fallback) => {
      if (value === undefined) return fallback;
      if (typeof value !== "number" || !(value > 0 && value <= maxDurationMs)) {
        throw invalid(name, "a positive number of milliseconds below 2**31");
      }
      return value;
    },
  };
}

/** Whether a value can be the path of a file. */
export function isPath(value: unknown): value is string {
  return typeof value === "string" && value !== "" && !value.includes("\0");
}
