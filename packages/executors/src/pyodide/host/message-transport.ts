import { joinBytes } from "../../bridge/utf8.js";
import type { LineMessage } from "../line/message.js";
import type { ByteTransport } from "./byte-transport.js";

/** A worker that has sent much more than it knows to be taken waits. */
const taleBytes = 65_536;

/** The host's end of a line of messages. Whoever owns the worker hands over what comes. */
export class MessageTransport implements ByteTransport {
  readonly #send: (message: LineMessage) => void;
  #take: (bytes: Uint8Array) => void = () => {};
  #held: Uint8Array[] = [];
  #isPaused = false;
  #isDraining = false;
  #untoldBytes = 0;

  constructor(send: (message: LineMessage) => void) {
    this.#send = send;
  }

  onBytes(take: (bytes: Uint8Array) => void): void {
    this.#take = take;
  }

  write(parts: readonly Uint8Array[]): void {
    this.#send({ type: "bytes", bytes: joinBytes(parts) });
  }

  interrupt(signal: number): void {
    this.#send({ type: "interrupt", signal });
  }

  receive(bytes: Uint8Array): void {
    this.#held.push(bytes);
    this.#handOut();
  }

  pause(): void {
    this.#isPaused = !this.#isDraining;
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#handOut();
  }

  /** The worker is gone: hands out all that it left, which whoever takes it can no longer put off. */
  drain(): void {
    this.#isDraining = true;
    this.#isPaused = false;
    this.#handOut();
  }

  #handOut(): void {
    while (!this.#isPaused) {
      const bytes = this.#held.shift();
      if (bytes === undefined) return;
      this.#untoldBytes += bytes.length;
      if (this.#untoldBytes >= taleBytes) {
        this.#send({ type: "taken", byteCount: this.#untoldBytes });
        this.#untoldBytes = 0;
      }
      this.#take(bytes);
    }
  }
}
