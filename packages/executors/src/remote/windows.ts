import { ProtocolError } from "../bridge/protocol-error.js";

/** What a stream may carry before its receiver grants more; the same number is in the relay. */
export const windowBytes = 1024 * 1024;

/** Bounds what the far side may send of a stream before it has been read here. */
export class ReceiveWindow {
  #credit = windowBytes;

  /** @throws ProtocolError when more came than was granted. */
  take(bytes: number): void {
    if (bytes > this.#credit) throw new ProtocolError("the relay sent more than it may");
    this.#credit -= bytes;
  }

  /** What to grant, while so many bytes that came are still unread; 0 for nothing yet. */
  refill(unreadBytes: number): number {
    const freed = windowBytes - unreadBytes - this.#credit;
    if (freed < windowBytes / 2) return 0;
    this.#credit += freed;
    return freed;
  }
}

/** Bounds what is sent of a stream before the far side has taken it. */
export class SendWindow {
  #credit = windowBytes;

  get credit(): number {
    return this.#credit;
  }

  spend(bytes: number): void {
    this.#credit -= bytes;
  }

  /** @throws ProtocolError when more is granted than was sent. */
  grant(bytes: number): void {
    this.#credit += bytes;
    if (this.#credit > windowBytes) throw new ProtocolError("the relay granted more than it got");
  }
}
