import type { WorkspaceEntry, WorkspaceFiles } from "@codeact/core";
import { type ControlReply, type ControlRequests, listOf } from "./control-requests.js";
import type { Members } from "./kernel-message.js";
import { fileOperation } from "./workspace-path.js";

const requestTimeoutMs = 30_000;
/** Servers refuse messages of more than 10 MiB unless told otherwise. */
const maxPieceBytes = 2 * 1024 * 1024;
const streamPieceBytes = 262_144;

/** The files of a workspace on the kernel's machine, by way of the runtime in the kernel. */
export class KernelFiles implements WorkspaceFiles {
  readonly #control: () => Promise<ControlRequests>;

  /** `control` gives the kernel that is alive now. */
  constructor(control: () => Promise<ControlRequests>) {
    this.#control = control;
  }

  async read(path: string): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.#pieces(path)) pieces.push(piece);
    const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let offset = 0;
    for (const piece of pieces) {
      bytes.set(piece, offset);
      offset += piece.length;
    }
    return bytes;
  }

  async write(path: string, data: Uint8Array | string): Promise<void> {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    await this.#writePieces(path, slices(bytes, maxPieceBytes));
  }

  async *readStream(path: string): AsyncGenerator<Uint8Array> {
    for await (const piece of this.#pieces(path)) {
      yield* slices(piece, streamPieceBytes);
    }
  }

  async writeStream(path: string, data: AsyncIterable<Uint8Array>): Promise<void> {
    await this.#request("write", path, { action: "write", offset: 0 });
    let offset = 0;
    for await (const chunk of data) {
      for (const piece of slices(chunk, maxPieceBytes)) {
        if (piece.length > 0) await this.#writePiece(path, piece, offset);
        offset += piece.length;
      }
    }
  }

  async list(path = ""): Promise<WorkspaceEntry[]> {
    const { content } = await this.#request("list", path, { action: "list" });
    return listOf(content["entries"])
      .map(readEntry)
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  async remove(path: string): Promise<void> {
    await this.#request("remove", path, { action: "remove" });
  }

  async *#pieces(path: string): AsyncGenerator<Uint8Array> {
    for (let offset = 0; ; ) {
      const { buffers } = await this.#request("read", path, { action: "read", offset });
      const [piece = new Uint8Array()] = buffers;
      if (piece.length === 0) return;
      offset += piece.length;
      yield new Uint8Array(piece);
    }
  }

  async #writePieces(path: string, pieces: Iterable<Uint8Array>): Promise<void> {
    let offset = 0;
    for (const piece of pieces) {
      await this.#writePiece(path, piece, offset);
      offset += piece.length;
    }
  }

  async #writePiece(path: string, piece: Uint8Array, offset: number): Promise<void> {
    await this.#request("write", path, { action: "write", offset }, [piece]);
  }

  #request(
    verb: string,
    path: string,
    members: Members,
    buffers: readonly Uint8Array[] = [],
  ): Promise<ControlReply> {
    return fileOperation(verb, path, async (names) => {
      const control = await this.#control();
      return control.request({
        operation: "file",
        members: { ...members, names },
        buffers,
        timeoutMs: requestTimeoutMs,
      });
    });
  }
}

/** Pieces of at most `size` bytes; one empty piece of nothing. */
function* slices(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let offset = 0; offset < Math.max(1, bytes.length); offset += size) {
    yield bytes.subarray(offset, offset + size);
  }
}

function readEntry({ path, type, size }: Members): WorkspaceEntry {
  return {
    path: String(path),
    type: type === "directory" ? "directory" : "file",
    size: Number.isSafeInteger(size) ? (size as number) : 0,
  };
}
