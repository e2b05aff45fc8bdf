import type { WorkspaceEntry, WorkspaceFiles } from "@codeact/core";
import { isObject } from "../bridge/frame-parser.js";
import type { JupyterServer } from "./jupyter-server.js";
import type { Members } from "./kernel-message.js";
import { fileOperation } from "./workspace-path.js";

/** The Contents API sends and takes files whole. */
const streamPieceBytes = 262_144;

/**
 * The files of the directory that the server serves, by its Contents API: for kernels without our
 * runtime. It follows links where the server does.
 */
export class ContentsFiles implements WorkspaceFiles {
  readonly #server: JupyterServer;
  readonly #closed: AbortSignal;

  constructor(server: JupyterServer, closed: AbortSignal) {
    this.#server = server;
    this.#closed = closed;
  }

  read(path: string): Promise<Uint8Array> {
    return this.#do("read", path, async (names) => {
      const query = "?type=file&format=base64&content=1";
      const model = await this.#request("GET", names, { query });
      return Uint8Array.from(atob(String(model["content"])), (char) => char.charCodeAt(0));
    });
  }

  write(path: string, data: Uint8Array | string): Promise<void> {
    return this.#do("write", path, async (names) => {
      if (names.length === 0) throw new Error("it is a directory");
      for (let depth = 1; depth < names.length; depth++) {
        await this.#request("PUT", names.slice(0, depth), { body: { type: "directory" } });
      }
      const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
      const body = { type: "file", format: "base64", content: toBase64(bytes) };
      await this.#request("PUT", names, { body });
    });
  }

  async *readStream(path: string): AsyncGenerator<Uint8Array> {
    const bytes = await this.read(path);
    for (let offset = 0; offset < bytes.length; offset += streamPieceBytes) {
      yield bytes.subarray(offset, offset + streamPieceBytes);
    }
  }

  async writeStream(path: string, data: AsyncIterable<Uint8Array>): Promise<void> {
    const pieces: Uint8Array[] = [];
    for await (const piece of data) pieces.push(piece);
    await this.write(path, new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer()));
  }

  list(path = ""): Promise<WorkspaceEntry[]> {
    return this.#do("list", path, async (names) => {
      const entries: WorkspaceEntry[] = [];
      await this.#listInto(entries, names);
      return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
    });
  }

  remove(path: string): Promise<void> {
    return this.#do("remove", path, async (names) => {
      if (names.length === 0) throw new Error("it is the workspace itself");
      await this.#request("DELETE", names);
    });
  }

  async #listInto(entries: WorkspaceEntry[], names: readonly string[]): Promise<void> {
    const { content } = await this.#request("GET", names, { query: "?type=directory&content=1" });
    for (const entry of Array.isArray(content) ? content : []) {
      if (!isObject(entry)) continue;
      const inner = [...names, String(entry["name"])];
      const isDirectory = entry["type"] === "directory";
      const size = typeof entry["size"] === "number" && !isDirectory ? entry["size"] : 0;
      entries.push({ path: inner.join("/"), type: isDirectory ? "directory" : "file", size });
      if (isDirectory) await this.#listInto(entries, inner);
    }
  }

  async #request(
    method: string,
    names: readonly string[],
    options: { query?: string; body?: unknown } = {},
  ): Promise<Members> {
    const answer = await this.#server.contents(method, names.join("/"), options);
    if ("failure" in answer) throw new Error(this.#server.redact(answer.failure));
    if (answer.status === 404) {
      throw new Error("there is no such file or directory, or the server has no Contents API");
    }
    if (answer.status >= 300) throw new Error(`the server answered with status ${answer.status}`);
    return isObject(answer.body) ? answer.body : {};
  }

  #do<T>(verb: string, path: string, action: (names: string[]) => Promise<T>): Promise<T> {
    return fileOperation(verb, path, (names) => {
      this.#closed.throwIfAborted();
      return action(names);
    });
  }
}

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let offset = 0; offset < bytes.length; offset += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(offset, offset + 0x8000));
  }
  return btoa(binary);
}
