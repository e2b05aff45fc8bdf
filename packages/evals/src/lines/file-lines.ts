import { createReadStream } from "node:fs";

const lineFeed = 10;

/** A line of a file and where it stands there, in bytes. */
export interface FileLine {
  /** Without its end. */
  text: string;
  offset: number;
  /** Of the text, without its end. */
  length: number;
  /** Whether a line feed ends it; only a last line may lack one. */
  isEnded: boolean;
}

/**
 * The lines of a file, one in memory at a time. Only a line feed ends a line: `node:readline` also
 * splits at separators that JSON leaves in its texts, and which ones depends on the release of Node.
 * @throws what reading the file throws
 */
export async function* fileLines(path: string): AsyncGenerator<FileLine, void, undefined> {
  yield* splitLines(createReadStream(path));
}

/** The lines of bytes that come in chunks, wherever these are cut. */
export async function* splitLines(
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<FileLine, void, undefined> {
  let pieces: Buffer[] = [];
  let offset = 0;
  const endLine = (isEnded: boolean): FileLine => {
    // Decoded as a whole, since a chunk may end within a character.
    const bytes = Buffer.concat(pieces);
    const line = { text: bytes.toString(), offset, length: bytes.length, isEnded };
    pieces = [];
    offset += bytes.length + 1;
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      pieces.push(chunk.subarray(start, end));
      yield endLine(true);
      start = end + 1;
    }
    if (start < chunk.length) pieces.push(chunk.subarray(start));
  }
  if (pieces.length > 0) yield endLine(false);
}
