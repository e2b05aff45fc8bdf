import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A running server. */
export interface PageServer {
  url: string;
  close(): Promise<void>;
}

/** What a server says of the pages below some folders. */
const folders: { [name: string]: Readonly<Record<string, string>> } = {
  // They can share memory with their workers.
  isolated: {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
  },
  // They may load what is of their own origin, and nothing else.
  strict: {
    "content-security-policy":
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'",
  },
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
 * Serves files on loopback, and all of them again below `/isolated/` and `/strict/`; and the package
 * `pyodide` below `/pyodide/`. To what is below `/stalled/` it never answers.
 */
export async function servePages(
  files: ReadonlyMap<string, string | Uint8Array>,
): Promise<PageServer> {
  const contentOf = async (path: string): Promise<string | Uint8Array> => {
    const file = files.get(path);
    if (file !== undefined) return file;
    // Browsers ask for it by themselves, and complain where there is none.
    if (path === "/favicon.ico") return "";
    if (!path.startsWith("/pyodide/")) throw new Error("there is no such file");
    return readFile(join(pyodideDirectory, basename(path)));
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const [, folder = ""] = pathname.split("/");
    const headers = folders[folder];
    const name = headers === undefined ? pathname : pathname.slice(folder.length + 1);
    const path = name.endsWith("/") ? `${name}index.html` : name;
    if (path.startsWith("/stalled/")) return;
    contentOf(path).then(
      (content) => {
        const isPage = typeof content === "string" && content.startsWith("<!doctype html>");
        const type = isPage ? "text/html" : (types[extname(path)] ?? "application/octet-stream");
        response.writeHead(200, { "content-type": type, ...headers });
        response.end(content);
      },
      () => {
        response.writeHead(404).end();
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
