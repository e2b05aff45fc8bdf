import { bytesOf, joinBytes } from "../../bridge/utf8.js";
import { decodeFileChange, encodeFileChange, type FileChange } from "../line/file-change.js";
import { type PacketKind, packetHead, packetKinds, PacketReader } from "../line/packet.js";

type ApplyChange = (change: FileChange, content: Uint8Array) => void;

/** Python has to wait for its host where it cannot: JavaScript that it called is on the stack. */
export class CannotWaitError extends Error {}

/** The worker's end of the way to its host. */
export abstract class WorkerLine {
  /** Its first byte is the flag that Pyodide polls: the number of a signal. */
  abstract readonly interruptFlag: Uint8Array;
  readonly #packets = new PacketReader((kind, content, isLast) =>
    this.#take(kind, content, isLast),
  );
  /** Bytes of the channel that Python has not read yet. */
  #channel: Uint8Array[] = [];
  #file: Uint8Array[] = [];
  #onChange: ApplyChange = () => {};

  /** Takes the changes that the host makes to files. */
  onFileChange(apply: ApplyChange): void {
    this.#onChange = apply;
  }

  abstract get isInterrupted(): boolean;

  /**
   * Waits until the channel can be read, the time is over, or an interrupt comes. An interrupt that
   * came before what can be read is seen before it is.
   * @throws CannotWaitError
   */
  abstract wait(timeoutMs: number): void;

  /** Puts what there is of the channel into `target`; returns how many bytes that was. */
  read(target: Uint8Array): number {
    if (this.#channel.length === 0) this.receive();
    const [first] = this.#channel;
    if (first === undefined) return 0;
    const count = Math.min(first.length, target.length);
    target.set(first.subarray(0, count));
    if (count === first.length) this.#channel.shift();
    else this.#channel[0] = first.subarray(count);
    return count;
  }

  sendFileChange(change: FileChange, content?: Uint8Array): void {
    this.send(packetKinds.files, encodeFileChange(change, content));
  }

  sendEnd(reason: string): void {
    this.send(packetKinds.end, bytesOf(reason));
  }

  /** Sends a packet; where the host has too much to read already, that waits. */
  send(kind: PacketKind, content: Uint8Array): void {
    this.write(joinBytes([packetHead(kind, content.length), content]));
  }

  protected get isReadable(): boolean {
    return this.#channel.length > 0;
  }

  protected abstract write(packet: Uint8Array<ArrayBuffer>): void;

  /** Takes in what the host has sent so far. */
  protected abstract receive(): void;

  protected takeBytes(bytes: Uint8Array): void {
    this.#packets.push(bytes);
  }

  #take(kind: number, content: Uint8Array, isLast: boolean): void {
    if (kind === packetKinds.channel) {
      if (content.length > 0) this.#channel.push(content);
    } else if (kind === packetKinds.files) {
      this.#file.push(content);
      if (!isLast) return;
      const decoded = decodeFileChange(joinBytes(this.#file));
      this.#file = [];
      if (decoded !== undefined) this.#onChange(decoded.change, decoded.content);
    }
  }
}
