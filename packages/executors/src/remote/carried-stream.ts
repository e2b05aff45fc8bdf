import { Duplex } from "node:stream";
import { ReceiveWindow, SendWindow } from "./windows.js";

/** Sends a piece of a stream, or grants the far side more of it. */
export interface StreamLink {
  send(data: Uint8Array): void;
  grant(bytes: number): void;
}

/** A stream of a far process, as carried by a link beside others. */
export class CarriedStream extends Duplex {
  readonly #link: StreamLink;
  readonly #receiveWindow = new ReceiveWindow();
  readonly #sendWindow = new SendWindow();
  #isAtEnd = false;
  #unsent: { data: Buffer; callback: () => void } | undefined;

  constructor(link: StreamLink) {
    super();
    this.#link = link;
  }

  /**
   * Takes bytes from the link; none at all are the end.
   * @throws ProtocolError when they are more than was granted.
   */
  receive(data: Uint8Array): void {
    this.#receiveWindow.take(data.length);
    if (this.#isAtEnd || this.destroyed) return;
    this.#isAtEnd = data.length === 0;
    this.push(this.#isAtEnd ? null : data);
    this.#refill();
  }

  /**
   * The far side has taken so many bytes.
   * @throws ProtocolError when it never got them.
   */
  granted(bytes: number): void {
    this.#sendWindow.grant(bytes);
    this.#sendOn();
  }

  override read(size?: number): unknown {
    const data: unknown = super.read(size);
    this.#refill();
    return data;
  }

  override _read(): void {
    // Bytes come as the window allows.
  }

  override _write(data: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.#unsent = { data, callback };
    this.#sendOn();
  }

  #refill(): void {
    const bytes = this.#receiveWindow.refill(this.readableLength);
    if (bytes > 0) this.#link.grant(bytes);
  }

  #sendOn(): void {
    const unsent = this.#unsent;
    if (unsent === undefined) return;
    const piece = unsent.data.subarray(0, this.#sendWindow.credit);
    if (piece.length > 0) {
      this.#sendWindow.spend(piece.length);
      this.#link.send(piece);
      unsent.data = unsent.data.subarray(piece.length);
    }
    if (unsent.data.length > 0) return;
    this.#unsent = undefined;
    unsent.callback();
  }
}
