import { copyFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const root = fileURLToPath(new URL(".", import.meta.url));
const publicDir = path.join(root, "public");

// Pyodide is served by this page's own server; without the option `indexUrl` it comes from a CDN.
const pyodide = path.dirname(createRequire(import.meta.url).resolve("pyodide/package.json"));
const names = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"];
mkdirSync(path.join(publicDir, "pyodide"), { recursive: true });
for (const name of [...names, "pyodide-lock.json"]) {
  copyFileSync(path.join(pyodide, name), path.join(publicDir, "pyodide", name));
}

// With these, the page shares memory with its workers: tools answer faster, and loops can be interrupted.
const headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export default defineConfig({
  root,
  publicDir,
  // Top-level await.
  build: { target: "es2022" },
  server: { headers },
  preview: { headers },
});
