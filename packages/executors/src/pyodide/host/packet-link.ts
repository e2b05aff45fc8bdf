import { FrameParser } from "../../bridge/frame-parser.js";
import type { EncodedFrame } from "../../bridge/host-frame.js";
import { ProtocolError } from "../../bridge/protocol-error.js";
import { readRuntimeFrame } from "../../bridge/runtime-frame.js";
import type { InputSink, RuntimeLink } from "../../bridge/runtime-link.js";
import { bytesOf, joinBytes, textOf } from "../../bridge/utf8.js";
import { maxFileHeadBytes } from "../line/file-change.js";
import { packetHead, packetKinds, PacketReader } from "../line/packet.js";
import type { ByteTransport } from "./byte-transport.js";

/** What comes from a worker besides frames and output. */
export interface PacketEvents {
  /** @throws ProtocolError when no worker of ours sends it. */
  onFileChange(bytes: Uint8Array): void;
  onEnd(reason: string): void;
}

/** Far beyond what an honest worker sends in one packet of these. */
const maxEndBytes = 10_000;

/** The way to a worker: frames, output and files come in their true order, by one stream. */
export class PacketLink implements RuntimeLink {
  readonly #transport: ByteTransport;
  readonly #sink: InputSink;
  readonly #events: PacketEvents;
  readonly #maxFileBytes: number;
  readonly #frames: FrameParser;
  /** What must wait until a slow consumer goes on. */
  #held: (() => void)[] = [];
  #collected: Uint8Array[] = [];
  #collectedBytes = 0;
  #isBroken = false;

  constructor(
    transport: ByteTransport,
    sink: InputSink,
    events: PacketEvents,
    maxFileBytes: number,
  ) {
    this.#transport = transport;
    this.#sink = sink;
    this.#events = events;
    this.#maxFileBytes = maxFileBytes;
    this.#frames = new FrameParser((raw) => {
      const frame = readRuntimeFrame(raw);
      this.#do(() => {
        if (!this.#isBroken) sink.frame(frame);
      });
    });
    const packets = new PacketReader((kind, content, isLast) => this.#take(kind, content, isLast));
    transport.onBytes((bytes) => {
      this.#guard(() => packets.push(bytes));
      if (this.#held.length > 0 || sink.isBlocked()) transport.pause();
    });
  }

  send({ line, blobs }: EncodedFrame): void {
    const content = [bytesOf(line), ...blobs];
    const length = content.reduce((sum, part) => sum + part.length, 0);
    this.#transport.write([packetHead(packetKinds.channel, length), ...content]);
  }

  /** Sends a change of files; it is there before what is sent after it. */
  sendFileChange(bytes: Uint8Array): void {
    this.#transport.write([packetHead(packetKinds.files, bytes.length), bytes]);
  }

  resume(): void {
    this.#guard(() => {
      while (this.#held.length > 0 && !this.#sink.isBlocked()) this.#held.shift()?.();
    });
    if (this.#held.length === 0 && !this.#sink.isBlocked()) this.#transport.resume();
  }

  stopFrames(): void {
    this.#isBroken = true;
    this.resume();
  }

  finishOutput(): void {
    for (const action of this.#held.splice(0)) this.#guard(action);
  }

  finishCell(): void {}

  #take(kind: number, content: Uint8Array, isLast: boolean): void {
    switch (kind) {
      case packetKinds.channel:
        if (!this.#isBroken) this.#frames.push(content);
        return;
      case packetKinds.stdout:
        this.#do(() => this.#sink.text("stdout", content));
        return;
      case packetKinds.stderr:
        this.#do(() => this.#sink.text("stderr", content));
        return;
      case packetKinds.files:
        this.#collect(content, maxFileHeadBytes + this.#maxFileBytes);
        if (isLast) this.#events.onFileChange(this.#takeCollected());
        return;
      case packetKinds.end:
        this.#collect(content, maxEndBytes);
        if (isLast) this.#events.onEnd(textOf(this.#takeCollected()));
        return;
      default:
        throw new ProtocolError("a packet had an unknown kind");
    }
  }

  #collect(content: Uint8Array, maxBytes: number): void {
    this.#collectedBytes += content.length;
    if (this.#collectedBytes > maxBytes) throw new ProtocolError("a packet was too long");
    this.#collected.push(content);
  }

  #takeCollected(): Uint8Array {
    const bytes = joinBytes(this.#collected);
    this.#collected = [];
    this.#collectedBytes = 0;
    return bytes;
  }

  /** Does it now, or when what came before it has been done. */
  #do(action: () => void): void {
    if (this.#held.length > 0 || this.#sink.isBlocked()) this.#held.push(action);
    else action();
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#isBroken = true;
      this.#sink.onBroken(error.message);
    }
  }
}
