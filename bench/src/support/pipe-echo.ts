import { type ChildProcess, spawn } from "node:child_process";
import type { Duplex } from "node:stream";

const program = `
import socket
channel = socket.socket(fileno=3)
lines = channel.makefile("rb", 65536)
for line in lines:
    channel.sendall(line)
`;

/**
 * The baseline of every round trip: a Python that sends each line back on descriptor 3, and
 * nothing else.
 */
export class PipeEcho {
  readonly #child: ChildProcess;
  readonly #channel: Duplex;
  #received: (() => void) | undefined;

  constructor(python = "python3") {
    this.#child = spawn(python, ["-I", "-c", program], {
      stdio: ["ignore", "ignore", "inherit", "pipe"],
    });
    this.#channel = this.#child.stdio[3] as Duplex;
    this.#channel.on("data", (chunk: Buffer) => {
      if (chunk.at(-1) === 0x0a) this.#received?.();
    });
  }

  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error("the echo did not start");
    return pid;
  }

  /** Sends a line of so many bytes and waits until it is back. */
  async roundTrip(bytes = 40): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#received = resolve;
      this.#channel.write(`${"x".repeat(bytes)}\n`);
    });
  }

  async close(): Promise<void> {
    const exited = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#channel.end();
    await exited;
  }
}
