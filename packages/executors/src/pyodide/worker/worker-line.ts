import { encodeFileChange, decodeFileChange, type FileChange } from "../line/file-change.js";
import { type PacketKind, packetHead, packetKinds, PacketReader } from "../line/packet.js";
import type { SharedLine } from "../line/shared-line.js";
import { bytesOf, joinBytes } from "../../bridge/utf8.js";

type ApplyChange = (change: FileChange, content: Uint8Array) => void;

const readBytes = 262_144;
/** A worker that sleeps looks up so often, should a wake-up ever be missed. */
const maxSleepMs = 1000;

/** The worker's end of the shared line. It blocks the thread where it waits. */
export class WorkerLine {
  readonly #line: SharedLine;
  readonly #tellHost: () => void;
  readonly #packets: PacketReader;
  /** Bytes of the channel that Python has not read yet. */
  #channel: Uint8Array[] = [];
  #file: Uint8Array[] = [];
  #onChange: ApplyChange = () => {};

  /** `tellHost` makes the host look at the line. */
  constructor(line: SharedLine, tellHost: () => void) {
    this.#line = line;
    this.#tellHost = tellHost;
    this.#packets = new PacketReader((kind, content, isLast) => this.#take(kind, content, isLast));
  }

  /** Takes the changes that the host makes to files. */
  onFileChange(apply: ApplyChange): void {
    this.#onChange = apply;
  }

  get interruptFlag(): Uint8Array {
    return this.#line.interruptFlag;
  }

  get isInterrupted(): boolean {
    return Atomics.load(this.#line.interruptFlag, 0) !== 0;
  }

  /**
   * Waits until the channel can be read, the time is over, or an interrupt comes. An interrupt that
   * came before what can be read is seen before it is.
   */
  wait(timeoutMs: number): void {
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      const { flags, wakePlace } = this.#line;
      const seen = Atomics.load(flags, wakePlace);
      this.#pump();
      const remainingMs = deadlineMs - performance.now();
      if (this.#channel.length > 0 || this.isInterrupted || remainingMs <= 0) return;
      Atomics.wait(flags, wakePlace, seen, Math.min(remainingMs, maxSleepMs));
    }
  }

  /** Puts what there is of the channel into `target`; returns how many bytes that was. */
  read(target: Uint8Array): number {
    if (this.#channel.length === 0) this.#pump();
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
    const bytes = joinBytes([packetHead(kind, content.length), content]);
    const { toHost, flags } = this.#line;
    let sent = 0;
    for (;;) {
      const seen = Atomics.load(flags, toHost.readPlace);
      sent += toHost.write(bytes, sent);
      if (this.#line.claimTelling()) this.#tellHost();
      if (sent === bytes.length) return;
      if (toHost.length >= toHost.capacity) {
        Atomics.wait(flags, toHost.readPlace, seen, maxSleepMs);
      }
    }
  }

  #pump(): void {
    const { toWorker } = this.#line;
    for (;;) {
      const bytes = toWorker.read(readBytes);
      if (bytes.length === 0) return;
      if (this.#line.hasMore) this.#tellHost();
      this.#packets.push(bytes);
    }
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
