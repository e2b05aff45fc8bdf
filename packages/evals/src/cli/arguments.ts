import { parseArgs, type ParseArgsConfig } from "node:util";
import { CodeActError } from "@codeact/core";

/** How a command's options are described to `parseArgs`. */
export type OptionTypes = NonNullable<ParseArgsConfig["options"]>;

/** Options as they stand on a command line. */
export interface CommandArguments {
  positionals: string[];
  text(name: string): string | undefined;
  flag(name: string): boolean;
  /** A list that is separated by commas. */
  list(name: string): string[] | undefined;
  /** @throws `CodeActError` with code `invalid-option` for what is no number */
  number(name: string): number | undefined;
}

/**
 * Reads a command line.
 * @throws `CodeActError` with code `invalid-option` for what the command does not know
 */
export function readArguments(args: readonly string[], options: OptionTypes): CommandArguments {
  const { values, positionals } = parse(args, options);
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === "string" ? value : undefined;
  };
  return {
    positionals,
    text,
    flag: (name) => values[name] === true,
    list: (name) =>
      text(name)
        ?.split(",")
        .map((item) => item.trim())
        .filter((item) => item !== ""),
    number: (name) => {
      const given = text(name);
      if (given === undefined) return undefined;
      const value = Number(given);
      if (given.trim() !== "" && Number.isFinite(value)) return value;
      throw new CodeActError("invalid-option", `--${name} must be a number, not "${given}".`);
    },
  };
}

function parse(args: readonly string[], options: OptionTypes) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CodeActError("invalid-option", `${reason} Try --help.`, { cause });
  }
}
