/** What a packet between a host and its worker carries. */
export const packetKinds = {
  /** Bytes of the runtime protocol's channel. */
  channel: 0,
  /** What Python wrote to its standard output, and to its standard error. */
  stdout: 1,
  stderr: 2,
  /** Changes of workspace files; both ways. */
  files: 3,
  /** The last one: how the interpreter ended, as text. */
  end: 4,
} as const;

/** One of {@link packetKinds}. */
export type PacketKind = (typeof packetKinds)[keyof typeof packetKinds];

export const packetHeadBytes = 5;

/** The kind, one byte, and the length of what follows, four bytes, little endian. */
export function packetHead(kind: PacketKind, length: number): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(packetHeadBytes);
  head[0] = kind;
  new DataView(head.buffer).setUint32(1, length, true);
  return head;
}

/** Cuts bytes into packets, and hands out their content as it comes. */
export class PacketReader {
  readonly #onContent: (kind: number, content: Uint8Array, isLast: boolean) => void;
  readonly #head = new Uint8Array(packetHeadBytes);
  #headLength = 0;
  #remaining = 0;

  constructor(onContent: (kind: number, content: Uint8Array, isLast: boolean) => void) {
    this.#onContent = onContent;
  }

  push(bytes: Uint8Array): void {
    let offset = 0;
    while (offset < bytes.length) {
      if (this.#headLength < packetHeadBytes) {
        this.#head[this.#headLength++] = bytes[offset++] ?? 0;
        if (this.#headLength < packetHeadBytes) continue;
        this.#remaining = new DataView(this.#head.buffer).getUint32(1, true);
        if (this.#remaining > 0) continue;
      }
      const piece = bytes.subarray(offset, offset + this.#remaining);
      offset += piece.length;
      this.#remaining -= piece.length;
      const isLast = this.#remaining === 0;
      if (isLast) this.#headLength = 0;
      this.#onContent(this.#head[0] ?? 0, piece, isLast);
    }
  }
}
