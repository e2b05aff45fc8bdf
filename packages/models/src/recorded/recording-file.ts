import { CodeActError } from "@codeact/core";
import type { RecordedExchange } from "./exchange.js";
import { isJson, parseRecording } from "./exchange-schema.js";

/** What we use of Node's `fs/promises`; this package is built without Node's types. */
interface FileSystem {
  readFile: (path: string) => Promise<Uint8Array>;
  truncate: (path: string, length: number) => Promise<void>;
  appendFile: (path: string, text: string) => Promise<void>;
}

/** Held in a variable, so that bundlers for browsers leave the import alone. */
const fileSystemModule: string = "node:fs/promises";

async function fileSystem(): Promise<FileSystem> {
  return (await import(fileSystemModule)) as FileSystem;
}

const lineFeed = 10;

/**
 * Reads a recording from a file. Needs Node; see {@link parseRecording} for browsers.
 *
 * @throws `CodeActError` with code `invalid-option` if there is no such file or it is no recording
 *
 * @example
 * ```ts
 * const model = new RecordedModel({ exchanges: await readRecording("demo.jsonl") });
 * ```
 */
export async function readRecording(path: string): Promise<RecordedExchange[]> {
  const { readFile } = await fileSystem();
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new CodeActError(
      "invalid-option",
      `The recording ${path} cannot be read: ${String(cause)}. Record it with recordModel().`,
      { cause },
    );
  });
  return parseRecording(new TextDecoder().decode(bytes), path);
}

/** Adds exchanges to a recording file, one whole line after the other. */
export class RecordingWriter {
  readonly #path: string;
  #previous: Promise<void> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** @throws `CodeActError` with code `invalid-option` if the file cannot be written */
  append(exchange: RecordedExchange): Promise<void> {
    const previous = this.#previous ?? endLastLine(this.#path);
    const written = previous.then(() => appendLine(this.#path, `${JSON.stringify(exchange)}\n`));
    // Whoever appended this exchange learns of its failure; the next one is tried all the same.
    this.#previous = written.catch(() => {});
    return written.catch((cause: unknown) => {
      throw new CodeActError(
        "invalid-option",
        `The recording ${this.#path} cannot be written: ${String(cause)}. ` +
          "Give recordModel() a path in a directory that exists and can be written.",
        { cause },
      );
    });
  }
}

async function appendLine(path: string, line: string): Promise<void> {
  const { appendFile } = await fileSystem();
  await appendFile(path, line);
}

/** A crash may have left half a line, and an editor one without its end. */
async function endLastLine(path: string): Promise<void> {
  const { readFile, truncate, appendFile } = await fileSystem();
  const bytes = await readFile(path).catch(() => undefined);
  if (!bytes || bytes.length === 0 || bytes.at(-1) === lineFeed) return;
  const start = bytes.lastIndexOf(lineFeed) + 1;
  const isWhole = isJson(new TextDecoder().decode(bytes.subarray(start)));
  await (isWhole ? appendFile(path, "\n") : truncate(path, start));
}
