import { main } from "../src/cli/main.js";
import type { TextStream } from "../src/cli/terminal.js";

/** Runs the command line in this process, and gives what it wrote. */
export async function runMain(...args: string[]) {
  const written = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof written): TextStream => ({
    write: (text) => {
      written[name] += text;
    },
  });
  const code = await main(args, {
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    env: {},
    on: () => undefined,
    off: () => undefined,
  });
  return { code, ...written };
}
