import { type ChildProcess, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";

interface Answer {
  seconds: number;
  answer: string | null;
}

/** The Python program that runs and times the alternatives. */
export class Driver {
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  #resolve: ((line: string) => void) | undefined;

  constructor(python: string) {
    const program = fileURLToPath(new URL("driver.py", import.meta.url));
    this.#child = spawn(python, ["-I", program], { stdio: ["pipe", "pipe", "inherit"] });
    this.#child.once("exit", (code) => {
      if (code !== 0) throw new Error(`the driver ended with code ${code}`);
    });
    const { stdout } = this.#child;
    if (stdout === null) throw new Error("the driver has no output");
    this.#lines = createInterface(stdout).on("line", (line) => this.#resolve?.(line));
  }

  /** Milliseconds as Python counted them: the way to this process is not part of it. */
  async time(
    subject: "jupyter" | "smolagents",
    action: "start" | "run" | "close",
    code?: string,
    expected?: string,
  ): Promise<number> {
    const line = await new Promise<string>((resolve) => {
      this.#resolve = resolve;
      this.#child.stdin?.write(`${JSON.stringify({ subject, action, code })}\n`);
    });
    const { seconds, answer } = JSON.parse(line) as Answer;
    if (action === "run" && answer !== expected) throw new Error(`${subject} answered ${answer}`);
    return seconds * 1000;
  }

  close(): void {
    this.#child.stdin?.end();
    this.#lines.close();
  }
}
