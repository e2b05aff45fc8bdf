import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

/** What a server of pages serves. */
export interface PageServerOptions {
  /** Files by their paths, which begin with `/`. */
  files?: ReadonlyMap<string, string | Uint8Array>;
  /** The files below it are served, too. */
  directory?: string;
  /** Of every answer. */
  headers?: Readonly<Record<string, string>>;
}

/** A running server. */
export interface PageServer {
  url: string;
  /** Paths that were asked for and are not there. */
  missing: string[];
  close(): Promise<void>;
}

/** By these headers a page can share memory with its workers. */
const isolationHeaders = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

const types: { [extension: string]: string } = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

const pyodideDirectory = dirname(fileURLToPath(import.meta.resolve("pyodide/package.json")));

/**
 * Serves pages on loopback, all of them below `/isolated/` as well, where they are cross-origin
 * isolated; and the package `pyodide` below `/pyodide/`.
 */
export async function servePages(options: PageServerOptions): Promise<PageServer> {
  const { files = new Map(), directory, headers } = options;
  const missing: string[] = [];
  const contentOf = async (path: string): Promise<string | Uint8Array> => {
    const file = files.get(path);
    if (file !== undefined) return file;
    const name = normalize(path);
    if (name.startsWith("/pyodide/")) return readFile(join(pyodideDirectory, name.slice(9)));
    if (directory === undefined) throw new Error("there is no such file");
    return readFile(join(directory, name));
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const isIsolated = pathname.startsWith("/isolated/");
    const name = isIsolated ? pathname.slice("/isolated".length) : pathname;
    const path = name.endsWith("/") ? `${name}index.html` : name;
    contentOf(path).then(
      (content) => {
        const type = types[extname(path)] ?? "application/octet-stream";
        const isolation = isIsolated ? isolationHeaders : {};
        response.writeHead(200, { "content-type": type, ...headers, ...isolation });
        response.end(content);
      },
      () => {
        missing.push(path);
        response.writeHead(404).end();
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    missing,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
