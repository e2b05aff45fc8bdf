import { randomBytes } from "node:crypto";
import { CodeActError } from "@codeact/core";
import { FrameParser } from "../bridge/frame-parser.js";
import { ProtocolError } from "../bridge/protocol-error.js";
import { CommandProcess } from "./command-process.js";
import { GreetingParser } from "./greeting-parser.js";
import {
  type FileOperation,
  type FileResult,
  type RelayCommand,
  type RelayFrame,
  readRelayFrame,
} from "./remote-frame.js";
import type { FileLink } from "./remote-files.js";
import { meetingLine, pythonArguments, relayPayload } from "./remote-source.js";

/** How to reach the far side, and what it should prepare there. */
export interface RemoteLinkOptions {
  command: readonly string[];
  /** Of the local command. */
  environment: Readonly<Record<string, string>>;
  /** Added to that of the far side. */
  env: Readonly<Record<string, string>>;
  workspace: string | undefined;
  keepWorkspace: boolean;
}

/** What concerns the process of a session. */
export type ProcessFrame = Extract<RelayFrame, { type: "channel" | "output" | "grant" | "exit" }>;

/** How long a relay that was told to leave may take to clean up. */
const cleanUpMs = 2000;

/** A local command with a relay at its other end. */
export class RemoteLink implements FileLink {
  /**
   * Settles when the relay is ready, and gives the path of its workspace; rejects with a
   * CodeActError with code `executor-start`.
   */
  readonly opened: Promise<string>;
  /** Settles when nothing can pass any more, and tells why. */
  readonly ended: Promise<string>;
  readonly #options: RemoteLinkOptions;
  readonly #process: CommandProcess;
  readonly #greeting: GreetingParser;
  readonly #requests = new Map<number, (result: FileResult) => void>();
  #lastRequest = 0;
  #onProcessFrame: ((frame: ProcessFrame) => void) | undefined;
  #onOpened!: (workspace: string) => void;
  #onRefused!: (error: CodeActError) => void;
  #hasGreeted = false;
  #brokenBy: string | undefined;
  #hasEnded = false;

  /** @throws Error when the command cannot be started for want of descriptors. */
  constructor(options: RemoteLinkOptions) {
    this.#options = options;
    const marker = randomBytes(16).toString("hex");
    this.#greeting = new GreetingParser(marker);
    this.opened = new Promise((resolve, reject) => {
      this.#onOpened = resolve;
      this.#onRefused = reject;
    });
    this.#process = new CommandProcess(
      [...options.command, ...pythonArguments],
      options.environment,
    );
    const release = this.#process.hold();
    this.opened.then(release, release);
    const parser = new FrameParser((raw) => this.#take(readRelayFrame(raw)));
    this.#process.output.on("data", (chunk: Buffer) => this.#receive(parser, chunk));
    this.ended = this.#process.ended.then((end) => this.#finish(end));
    this.#process.input.write(meetingLine(marker));
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Keeps the host's event loop alive until the returned function is called. */
  hold(): () => void {
    return this.#process.hold();
  }

  send(frame: RelayCommand, blob?: Uint8Array): void {
    const { input } = this.#process;
    if (!input.writable) return;
    if (blob === undefined) {
      input.write(`${JSON.stringify(frame)}\n`);
      return;
    }
    input.cork();
    input.write(`${JSON.stringify({ ...frame, blobs: [blob.length] })}\n`);
    input.write(blob);
    input.uncork();
  }

  /** From now on what concerns the process of a session goes there. */
  attach(onProcessFrame: (frame: ProcessFrame) => void): void {
    this.#onProcessFrame = onProcessFrame;
  }

  request(operation: FileOperation, data?: Uint8Array): Promise<FileResult> {
    const id = ++this.#lastRequest;
    const release = this.hold();
    return new Promise((resolve) => {
      this.#requests.set(id, (result) => {
        release();
        resolve(result);
      });
      if (this.#hasEnded) this.#failRequests("the connection has ended");
      else this.send({ type: "file", id, ...operation }, data);
    });
  }

  /** What an error may quote of what the command has written so far. */
  get quote(): string {
    const said = plain(`${this.#process.errors}\n${this.#greeting.before}`).trim();
    return said === "" ? "It wrote nothing." : `It wrote: ${said.slice(-2000)}`;
  }

  /** Lets the far side clean up and leave; a link that was never opened ends at once. */
  async close(isOpen: boolean): Promise<void> {
    this.#brokenBy ??= "closed";
    await this.#process.close(isOpen ? cleanUpMs : 0);
    await this.ended;
  }

  /** The far side broke the protocol, or does not answer. */
  break(reason: string): void {
    this.#brokenBy ??= reason;
    void this.#process.close(0);
  }

  #receive(parser: FrameParser, chunk: Buffer): void {
    if (this.#brokenBy !== undefined && this.#brokenBy !== "closed") return;
    try {
      let frames: Buffer | undefined = chunk;
      if (!this.#hasGreeted) {
        frames = this.#greeting.push(chunk);
        if (frames === undefined) return;
        this.#hasGreeted = true;
      }
      parser.push(frames);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.break(error.message);
    }
  }

  #take(frame: RelayFrame): void {
    switch (frame.type) {
      case "greeting":
        this.#meet(frame);
        return;
      case "opened":
        this.#onOpened(frame.workspace);
        return;
      case "refused":
        this.#refuse(frame.message);
        return;
      case "file-result":
        this.#requests.get(frame.id)?.(frame);
        this.#requests.delete(frame.id);
        return;
      default:
        if (this.#onProcessFrame === undefined) {
          throw new ProtocolError(`the relay sent "${frame.type}" without a process`);
        }
        this.#onProcessFrame(frame);
    }
  }

  #meet({ python, isTerminal, isWindows }: Extract<RelayFrame, { type: "greeting" }>): void {
    if (isTerminal) {
      this.#refuse(
        "it gives Python a terminal, which changes the bytes that pass. Leave out what asks for one, such as -t",
      );
      return;
    }
    if (isWindows) {
      this.#refuse("it leads to a Python on Windows; it must be one on Linux or macOS");
      return;
    }
    if (!/^3\.(9|\d\d+)\./.test(python)) {
      this.#refuse(`it leads to Python ${python}; 3.9 or newer is needed`);
      return;
    }
    this.#process.input.write(relayPayload());
    const { env, workspace = null, keepWorkspace } = this.#options;
    this.send({ type: "open", env, workspace, keepWorkspace });
  }

  #refuse(reason: string): void {
    this.#onRefused(this.#startError(reason));
  }

  #startError(reason: string): CodeActError {
    const command = this.#options.command.join(" ");
    return new CodeActError(
      "executor-start",
      `Cannot use the command ${JSON.stringify(command)} as Python: ${reason}.`,
    );
  }

  #finish(end: string): string {
    this.#hasEnded = true;
    const lastLine = plain(this.#process.errors).trim().split("\n").at(-1)?.slice(-200);
    const reason = this.#brokenBy ?? `the command ${end}${lastLine ? `: ${lastLine}` : ""}`;
    this.#refuse(
      this.#hasGreeted
        ? `it failed before it was ready (${reason}). ${this.quote}`
        : `no Python answered (${reason}). ${this.quote}`,
    );
    this.#failRequests(`the connection has ended (${reason})`);
    return reason;
  }

  #failRequests(message: string): void {
    for (const [id, settle] of this.#requests) {
      settle({ type: "file-result", id, ok: false, message });
    }
    this.#requests.clear();
  }
}

/** Without what a terminal would obey: an error may be printed. */
function plain(text: string): string {
  return text.replace(/[^\P{C}\n\t]/gu, "");
}
