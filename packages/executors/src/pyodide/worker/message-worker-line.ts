import type { LineMessage } from "../line/message.js";
import { interruptedErrno } from "./emscripten.js";
import type { StackSwitch } from "./stack-switch.js";
import { CannotWaitError, WorkerLine } from "./worker-line.js";

/** What the page has not taken yet; above it, Python waits. */
const maxUntakenBytes = 1_048_576;
/** Code that only writes lets messages in so often. */
const maxDeafMs = 50;

/** What Python waits for, after the call that it has just made. */
interface Waiting {
  isOver(): boolean;
  deadlineMs: number;
  /** With what the call then returns, where an interrupt came. */
  interruptedErrno: number;
}

/**
 * The way by messages, which come in only while Python's stack is switched away: a call that has
 * to wait says so, and waits when it has returned from JavaScript.
 */
export class MessageWorkerLine extends WorkerLine {
  readonly interruptFlag = new Uint8Array(4);
  readonly #post: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly #stack: StackSwitch;
  /** Comes before Python is there to take it, too. */
  #received: Uint8Array[] = [];
  /** The realm's own is taken away. */
  readonly #startTimer = globalThis.setTimeout.bind(globalThis);
  readonly #stopTimer = globalThis.clearTimeout.bind(globalThis);
  #untakenBytes = 0;
  #heardAtMs = performance.now();
  #waiting: Waiting | undefined;
  #wake: () => void = () => {};

  constructor(stack: StackSwitch, post: (bytes: Uint8Array<ArrayBuffer>) => void) {
    super();
    this.#stack = stack;
    this.#post = post;
    stack.onCall({ mustWait: () => this.#waiting !== undefined, wait: () => this.#wait() });
  }

  get isInterrupted(): boolean {
    return this.interruptFlag[0] !== 0;
  }

  /** A message of the page. */
  take(message: LineMessage): void {
    if (message.type === "bytes") this.#received.push(message.bytes);
    else if (message.type === "taken") this.#untakenBytes -= message.byteCount;
    else this.interruptFlag[0] = message.signal;
    this.#wake();
  }

  wait(timeoutMs: number): void {
    this.receive();
    if (this.isReadable || this.isInterrupted) return;
    if (!this.#stack.canSwitch) throw new CannotWaitError();
    this.#waiting = {
      isOver: () => this.isReadable,
      deadlineMs: performance.now() + timeoutMs,
      interruptedErrno,
    };
  }

  protected write(packet: Uint8Array<ArrayBuffer>): void {
    this.#untakenBytes += packet.length;
    this.#post(packet);
    const nowMs = performance.now();
    const mustWait = this.#untakenBytes > maxUntakenBytes;
    if (!mustWait && nowMs - this.#heardAtMs < maxDeafMs) return;
    this.#waiting = {
      isOver: () => this.#untakenBytes <= maxUntakenBytes,
      deadlineMs: mustWait ? Number.POSITIVE_INFINITY : nowMs,
      // All is written: to be told otherwise, Python would write it again.
      interruptedErrno: 0,
    };
  }

  protected receive(): void {
    for (const bytes of this.#received.splice(0)) this.takeBytes(bytes);
  }

  async #wait(): Promise<number> {
    const waiting = this.#waiting;
    if (waiting === undefined) return 0;
    this.#waiting = undefined;
    do {
      const remainingMs = Math.max(0, waiting.deadlineMs - performance.now());
      await this.#sleep(remainingMs);
      this.receive();
    } while (!waiting.isOver() && !this.isInterrupted && performance.now() < waiting.deadlineMs);
    this.#heardAtMs = performance.now();
    return this.isInterrupted ? waiting.interruptedErrno : 0;
  }

  /** Until a message comes. */
  async #sleep(timeoutMs: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (timeoutMs < Number.POSITIVE_INFINITY) timer = this.#startTimer(resolve, timeoutMs);
    });
    this.#stopTimer(timer);
  }
}
