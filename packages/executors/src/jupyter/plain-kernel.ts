import type { ExecuteOptions, PythonError } from "@codeact/core";
import { InterruptLadder } from "../bridge/interrupt-ladder.js";
import { type CellEnd, RunningCell } from "../bridge/running-cell.js";
import type { JupyterServer } from "./jupyter-server.js";
import type { KernelHandle } from "./kernel-handle.js";
import { displayOf, executeContent, textOf } from "./kernel-content.js";
import type { KernelMessage, Members } from "./kernel-message.js";
import type { KernelSession } from "./kernel-session.js";

/** How long the answer and the kernel's word that it is idle may be apart. */
const endPatienceMs = 2000;
/** A running cell from which nothing is heard for so long gets another websocket. */
const silenceMs = 30_000;
const maxErrorCharacters = 50_000;
/** Escape sequences of a terminal. */
const colours = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*[A-Za-z]`, "g");
const rateLimitNotice = "IOPub data rate exceeded";
const inputNotice = "[The code asks for input. Nobody is there to answer; it got an empty line.]\n";
const messageLimitNotice = "IOPub message rate exceeded";

/** A session in a kernel of any language, as it is: cells and their output, but no tools. */
export class PlainKernel implements KernelSession {
  readonly control = undefined;
  readonly workspace = undefined;
  readonly #kernel: KernelHandle;
  readonly #server: JupyterServer;
  #cell: RunningCell | undefined;
  #executeId: string | undefined;
  #ladder: InterruptLadder | undefined;
  #isIdle = false;
  #answer: Members | undefined;
  #heardAtMs = 0;
  #ending: ReturnType<typeof setTimeout> | undefined;
  #closed: Promise<void> | undefined;

  constructor(kernel: KernelHandle, server: JupyterServer) {
    this.#kernel = kernel;
    this.#server = server;
    kernel.listen({
      onMessage: (message) => this.#take(message),
      onReconnected: () => undefined,
      onLost: (reason) => this.#lose(reason),
    });
  }

  get lostReason(): string | undefined {
    return this.#kernel.lostReason;
  }

  cell(number: number, code: string, options: ExecuteOptions): RunningCell {
    return new RunningCell(number, code, options, {
      toolNames: new Set(),
      send: () => undefined,
      onUnblocked: () => undefined,
      onStop: () => this.#stop(),
    });
  }

  async run(cell: RunningCell): Promise<CellEnd> {
    this.#cell = cell;
    this.#isIdle = false;
    this.#answer = undefined;
    this.#heardAtMs = performance.now();
    const watch = setInterval(() => this.#watchSilence(), silenceMs / 4);
    try {
      this.#executeId = this.#kernel.connection.send({
        channel: "shell",
        type: "execute_request",
        content: executeContent(cell.code, false),
      });
      cell.startClock();
      return await cell.ended;
    } finally {
      clearInterval(watch);
      clearTimeout(this.#ending);
      this.#ladder?.cancel();
      this.#ladder = undefined;
      this.#cell = undefined;
    }
  }

  close(reason: string): Promise<void> {
    this.#closed ??= this.#end(reason, () => this.#kernel.release());
    return this.#closed;
  }

  #take({ channel, header, parentHeader, content }: KernelMessage): void {
    this.#heardAtMs = performance.now();
    const cell = this.#cell;
    if (cell === undefined || parentHeader["msg_id"] !== this.#executeId) return;
    if (channel === "stdin" && header["msg_type"] === "input_request") {
      // Kernels should not ask, for the request says so; that of R does, and would wait for ever.
      const reply = { channel, type: "input_reply", content: { value: "" } } as const;
      this.#kernel.connection.send({ ...reply, parentHeader: header });
      cell.output.addText("stderr", Buffer.from(inputNotice));
    } else if (channel === "shell" && header["msg_type"] === "execute_reply") {
      this.#answer = content;
      this.#tryEnd(cell);
    } else if (channel === "iopub") {
      this.#takeOutput(cell, String(header["msg_type"]), content);
    }
  }

  #takeOutput(cell: RunningCell, type: string, content: Members): void {
    if (type === "stream") {
      const [stream, bytes] = textOf(content);
      const text = String(content["text"]);
      cell.output.addText(stream, isNotice(text) ? Buffer.from(notice(text)) : bytes);
    } else if (type === "execute_result" || type === "display_data") {
      cell.output.addDisplay(...displayOf(type, content));
    } else if (type === "status" && content["execution_state"] === "idle") {
      this.#isIdle = true;
      this.#tryEnd(cell);
    }
  }

  #tryEnd(cell: RunningCell): void {
    if (this.#isIdle && this.#answer !== undefined) this.#finish(cell);
    else {
      // One of the two may be lost with a connection; each alone says that the cell is over.
      clearTimeout(this.#ending);
      this.#ending = setTimeout(() => this.#finish(cell), endPatienceMs);
    }
  }

  #finish(cell: RunningCell): void {
    const number = cell.number;
    const answer = this.#answer;
    const failed = answer !== undefined && answer["status"] !== "ok";
    const ended = { type: "done", cell: number, mark: 0 } as const;
    cell.end({
      type: "done",
      done: failed
        ? { ...ended, status: "error", error: errorOf(answer) }
        : { ...ended, status: "ok", error: undefined },
    });
  }

  #watchSilence(): void {
    if (performance.now() - this.#heardAtMs < silenceMs) return;
    this.#heardAtMs = performance.now();
    this.#kernel.connection.renew();
  }

  #stop(): void {
    if (this.#cell === undefined || this.lostReason !== undefined) return;
    const { interruptGraceMs } = this.#server.settings;
    let asking: Promise<void> | undefined;
    const ask = () => {
      asking ??= this.#server.interrupt(this.#kernel.id).finally(() => {
        asking = undefined;
      });
    };
    this.#ladder = new InterruptLadder(interruptGraceMs, {
      ask,
      signal: ask,
      kill: () => void this.#kill(`killed, for it did not stop within ${interruptGraceMs} ms`),
    });
  }

  async #kill(reason: string): Promise<void> {
    this.#closed ??= this.#end(reason, () => this.#kernel.kill());
    await this.#closed;
  }

  async #end(reason: string, act: () => Promise<void>): Promise<void> {
    this.#kernel.lose(reason);
    this.#lose(reason);
    await act();
  }

  #lose(reason: string): void {
    this.#cell?.output.release();
    this.#cell?.end({ type: "lost", reason });
  }
}

function isNotice(text: string): boolean {
  return text.includes(rateLimitNotice) || text.includes(messageLimitNotice);
}

function notice(text: string): string {
  return `[Some output was lost: the server limits its rate. ${text.trim().split("\n")[0]}]\n`;
}

/** The kernel's own description of an error, without the colours of a terminal. */
function errorOf(answer: Members): PythonError {
  const type = stringOf(answer["ename"]) || stringOf(answer["status"]) || "Error";
  const message = stringOf(answer["evalue"]);
  const lines = Array.isArray(answer["traceback"]) ? answer["traceback"].map(String) : [];
  const summary = message === "" ? type : `${type}: ${message}`;
  const traceback = lines.join("\n").replaceAll(colours, "");
  return {
    type,
    message: message.slice(0, maxErrorCharacters),
    traceback: (traceback === "" ? summary : traceback).slice(0, maxErrorCharacters),
    frames: [],
  };
}

function stringOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
