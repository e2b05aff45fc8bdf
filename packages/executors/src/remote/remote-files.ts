import { CodeActError, type WorkspaceEntry, type WorkspaceFiles } from "@codeact/core";
import { type FileOperation, type FileResult, readEntry } from "./remote-frame.js";

const pieceBytes = 256 * 1024;
/** Requests on their way at once, so that a distant workspace is not read at a piece per trip. */
const depth = 4;
/** As for a local file: what is larger is read as a stream. */
const maxReadBytes = 2 ** 31 - 1;

/** Has something done with a file. */
export interface FileLink {
  /** Never rejects. */
  request(operation: FileOperation, data?: Uint8Array): Promise<FileResult>;
}

/** What a request needs. */
interface Subject extends Intent {
  link: FileLink;
}

/** What an error names. */
interface Intent {
  verb: string;
  path: string;
}

/** The files of a workspace at the other end of a link; the relay there reads and writes. */
export class RemoteFiles implements WorkspaceFiles {
  readonly #getLink: () => Promise<FileLink>;
  readonly #closed: AbortSignal;

  /** After `closed` has aborted nothing works any more. */
  constructor(getLink: () => Promise<FileLink>, closed: AbortSignal) {
    this.#getLink = getLink;
    this.#closed = closed;
  }

  async read(path: string): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    let total = 0;
    for await (const piece of this.readStream(path)) {
      total += piece.length;
      if (total > maxReadBytes) {
        throw failure({ verb: "read", path }, "it is larger than 2 GiB; use readStream");
      }
      pieces.push(piece);
    }
    const bytes = Buffer.concat(pieces);
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  async write(path: string, data: Uint8Array | string): Promise<void> {
    const bytes = typeof data === "string" ? Buffer.from(data) : data;
    await this.#write(path, [bytes]);
  }

  async *readStream(path: string): AsyncGenerator<Uint8Array> {
    const subject = await this.#subject("read", path);
    const file = await open(subject, "open-to-read");
    const ahead: Promise<Uint8Array>[] = [];
    try {
      for (;;) {
        while (ahead.length < depth) {
          const piece = perform(subject, { operation: "read", file });
          piece.catch(ignore);
          ahead.push(piece);
        }
        this.#closed.throwIfAborted();
        const piece = await ahead.shift();
        if (piece === undefined || piece.length === 0) return;
        if (piece.length > pieceBytes) throw failure(subject, "the far side sent too much");
        yield piece;
      }
    } finally {
      await subject.link.request({ operation: "close", file });
    }
  }

  async writeStream(path: string, data: AsyncIterable<Uint8Array>): Promise<void> {
    await this.#write(path, data);
  }

  async list(path = ""): Promise<WorkspaceEntry[]> {
    const subject = await this.#subject("list", path);
    const data = await perform(subject, { operation: "list", path });
    try {
      const entries: unknown = JSON.parse(Buffer.from(data).toString("utf8"));
      if (!Array.isArray(entries)) throw new TypeError("it is no list");
      return entries.map(readEntry).sort((a, b) => (a.path < b.path ? -1 : 1));
    } catch (error) {
      throw failure(subject, `the far side answered with nonsense: ${(error as Error).message}`);
    }
  }

  async remove(path: string): Promise<void> {
    await perform(await this.#subject("remove", path), { operation: "remove", path });
  }

  async #write(
    path: string,
    data: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): Promise<void> {
    const subject = await this.#subject("write", path);
    const file = await open(subject, "open-to-write");
    const unconfirmed: Promise<Uint8Array>[] = [];
    try {
      for await (const bytes of data) {
        for (let start = 0; start < bytes.length; start += pieceBytes) {
          this.#closed.throwIfAborted();
          const piece = bytes.subarray(start, start + pieceBytes);
          const written = perform(subject, { operation: "write", file }, piece);
          written.catch(ignore);
          unconfirmed.push(written);
          if (unconfirmed.length >= depth) await unconfirmed.shift();
        }
      }
      await Promise.all(unconfirmed);
    } finally {
      await subject.link.request({ operation: "close", file });
    }
  }

  async #subject(verb: string, path: string): Promise<Subject> {
    this.#closed.throwIfAborted();
    const link = await this.#getLink();
    const subject = { link, verb, path };
    if (typeof path !== "string") throw failure(subject, "it is not a path");
    return subject;
  }
}

/** Opens a file; gives the number that stands for it. */
async function open(
  subject: Subject,
  operation: "open-to-read" | "open-to-write",
): Promise<number> {
  const { link, path } = subject;
  const result = await link.request({ operation, path });
  if (!result.ok) throw failure(subject, result.message);
  return result.id;
}

async function perform(
  subject: Subject,
  operation: FileOperation,
  data?: Uint8Array,
): Promise<Uint8Array> {
  const result = await subject.link.request(operation, data);
  if (!result.ok) throw failure(subject, result.message);
  return result.data;
}

function failure({ verb, path }: Intent, reason: string): CodeActError {
  return new CodeActError(
    "workspace-file",
    `Cannot ${verb} ${JSON.stringify(path)} in the workspace: ${reason}.`,
  );
}

function ignore(): void {}
