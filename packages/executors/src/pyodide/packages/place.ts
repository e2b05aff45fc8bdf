/** What was read from a place. */
export interface PlacedFile {
  bytes: Uint8Array<ArrayBuffer>;
  /** What a server said of it. */
  contentType: string;
  /** Where it came from in the end, for what it names relative to itself. */
  url: string;
}

/** How to read. */
export interface ReadOptions {
  signal?: AbortSignal;
  /** What a server is asked for. */
  accept?: string;
  maxBytes?: number;
}

/** Reads files by their places: URLs and, in Node, paths. */
export interface PlaceReader {
  /** @throws NoSuchFileError, or what else is in the way. */
  read(place: string, options?: ReadOptions): Promise<PlacedFile>;
  /** The names of the files in a directory, where there are directories. */
  list?(directory: string): Promise<string[]>;
  /** The place of a file in a directory. */
  join(directory: string, name: string): string;
}

/** There is no such file; whoever looks in several places goes on. */
export class NoSuchFileError extends Error {}

const fetchTimeoutMs = 120_000;

/** Whether a place is a URL of a server. */
export function isUrl(place: string): boolean {
  return /^https?:/i.test(place);
}

/** Requests a URL. @throws NoSuchFileError, or what else is in the way. */
export async function fetchPlace(url: string, options: ReadOptions = {}): Promise<PlacedFile> {
  const { signal, accept = "*/*", maxBytes = Number.POSITIVE_INFINITY } = options;
  const late = AbortSignal.timeout(fetchTimeoutMs);
  const answer = await fetch(url, {
    signal: signal === undefined ? late : AbortSignal.any([signal, late]),
    headers: { accept },
  });
  const problem = `the server answered ${answer.status}`;
  if (answer.status === 404 || answer.status === 410) throw new NoSuchFileError(problem);
  if (!answer.ok) throw new Error(problem);
  return {
    bytes: await readBody(answer, maxBytes),
    contentType: answer.headers.get("content-type") ?? "",
    url: answer.url,
  };
}

/** Says in a few words why something could not be read. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

async function readBody(answer: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: BlobPart[] = [];
  let length = 0;
  const reader = answer.body?.getReader();
  for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) {
    length += next.value.length;
    if (length > maxBytes) {
      await reader?.cancel();
      throw new Error(`it is larger than ${maxBytes} bytes`);
    }
    pieces.push(next.value as Uint8Array<ArrayBuffer>);
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}
