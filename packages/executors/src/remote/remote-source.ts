import { bootstrapProgram, encodePayload } from "../runtime-source.js";
import runtimeInit from "../runtime/codeact_runtime/__init__.py";
import runtimeProcessTree from "../runtime/codeact_runtime/process_tree.py";
import packageInit from "../runtime/codeact_remote/__init__.py";
import directoryWalk from "../runtime/codeact_remote/directory_walk.py";
import removal from "../runtime/codeact_remote/removal.py";
import farProcess from "../runtime/codeact_remote/far_process.py";
import link from "../runtime/codeact_remote/link.py";
import processTree from "../runtime/codeact_remote/process_tree.py";
import relay from "../runtime/codeact_remote/relay.py";
import stub from "../runtime/codeact_remote/stub.py";
import workspace from "../runtime/codeact_remote/workspace.py";

/**
 * What follows the command: Python then takes its program from standard input, statement by
 * statement. Nothing in it means anything to a shell, however many the command passes through.
 */
export const pythonArguments: readonly string[] = ["-Iqi"];

/** The modules of the relay, by their full names, and what it shares with the runtime. */
export const relayModules: Readonly<Record<string, string>> = {
  codeact_runtime: runtimeInit,
  "codeact_runtime.process_tree": runtimeProcessTree,
  codeact_remote: packageInit,
  "codeact_remote.directory_walk": directoryWalk,
  "codeact_remote.removal": removal,
  "codeact_remote.far_process": farProcess,
  "codeact_remote.link": link,
  "codeact_remote.process_tree": processTree,
  "codeact_remote.relay": relay,
  "codeact_remote.workspace": workspace,
};

/**
 * The line that makes a Python at the other end the relay. It first writes `marker`, which the
 * line itself does not hold: what only echoes the line is no Python.
 */
export function meetingLine(marker: string): string {
  const half = marker.length / 2;
  const names = {
    marker: [marker.slice(0, half), marker.slice(half)],
    bootstrap: bootstrapProgram,
  };
  // JSON's strings, lists and objects are Python's as well.
  return `exec(${JSON.stringify(stub)},${JSON.stringify(names)})\n`;
}

let payload: Buffer | undefined;

/** What follows once Python has answered: the relay itself. */
export function relayPayload(): Buffer {
  payload ??= encodePayload({ modules: relayModules });
  return payload;
}
