import { CodeActError } from "@codeact/core";
import { dataCommand } from "./data-command.js";
import { reportCommand } from "./report-command.js";
import { runCommand } from "./run-command.js";
import type { Terminal } from "./terminal.js";

const usage = `codeact-eval: how well does a model act by code, JSON and text?

  codeact-eval run --suite composed --model MODEL [--out FOLDER]
  codeact-eval report FOLDER
  codeact-eval data FOLDER…

COMMAND --help says more.
`;

const commands = new Map([
  ["run", runCommand],
  ["report", reportCommand],
  ["data", dataCommand],
]);

/**
 * Runs the command line.
 * @returns the exit code: 0; 1 after a fault; 2 for arguments that cannot be used; 130 when broken off
 */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  const command = commands.get(name ?? "");
  if (command === undefined) {
    const isAsked = name === "--help" || name === "-h" || name === "help";
    (isAsked ? terminal.stdout : terminal.stderr).write(usage);
    return isAsked ? 0 : 2;
  }
  try {
    return await command(rest, terminal);
  } catch (error) {
    if (!CodeActError.isInstance(error)) throw error;
    terminal.stderr.write(`${error.message}\n`);
    return error.code === "invalid-option" ? 2 : 1;
  }
}
