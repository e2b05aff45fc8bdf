#!/usr/bin/env node
import { main } from "./main.js";

// No top-level await: this is built as CommonJS too.
main(process.argv.slice(2), process).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  },
);
