import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { JsonValue } from "../src/json.js";

/** What real Python makes of a stub. */
export interface InspectedStub {
  /** Why the stub does not parse or run; everything else is then absent. */
  error?: string;
  /** The names that `inspect.signature` gives. */
  parameters: string[];
  /** The names that have type hints. */
  hints: string[];
  typedDicts: { [name: string]: { required: string[]; optional: string[] } };
  /** The kinds of statements at the top level. */
  kinds: string[];
  last: string;
  name: string;
  names: string[];
  defaults: JsonValue[];
  /** Whether there is anything in the function's head besides plain parameters. */
  others: boolean;
  body: string[];
  doc: string;
}

const script = fileURLToPath(new URL("inspect-stubs.py", import.meta.url));

/** Parses and executes stubs in one process of the Python on PATH. */
export async function inspectStubs(
  stubs: readonly { pythonName: string; stub: string }[],
): Promise<InspectedStub[]> {
  const python = spawn("python3", ["-X", "utf8", script], { stdio: ["pipe", "pipe", "inherit"] });
  python.stdin.end(JSON.stringify(stubs.map(({ pythonName, stub }) => [pythonName, stub])));
  return JSON.parse(await text(python.stdout)) as InspectedStub[];
}
