import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ModelError } from "@codeact/core";

/** How far the download of a model is. */
export interface DownloadProgress {
  /** Bytes on disk, those of an earlier attempt included. */
  receivedBytes: number;
  /** Absent if the server does not say. */
  totalBytes?: number;
}

/** What {@link downloadFile} needs to know. */
export interface Download {
  url: URL;
  /** Where the file is put once it is complete. */
  file: string;
  /** What it must hash to. */
  sha256?: string | undefined;
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Downloads a file. What an earlier attempt left is continued if the server still has the same
 * file; the file gets its name when it is complete and has the right hash.
 * @throws `ModelError`, or the signal's reason
 */
export async function downloadFile(download: Download): Promise<void> {
  await mkdir(dirname(download.file), { recursive: true });
  const partial = `${download.file}.part`;
  // "a+" makes the file; "r+" then writes where it is told to.
  await (await open(partial, "a+")).close();
  const handle = await open(partial, "r+");
  try {
    await receive(download, handle, `${partial}.etag`);
  } finally {
    await handle.close();
  }
  await checkIsModel(download, partial);
  await checkHash(download, partial);
  await rename(partial, download.file);
  await rm(`${partial}.etag`, { force: true });
}

async function receive(
  { url, onProgress, signal }: Download,
  handle: FileHandle,
  tagFile: string,
): Promise<void> {
  const tag = await readFile(tagFile, "utf8").catch(() => "");
  const had = tag ? (await handle.stat()).size : 0;
  const response = await request(
    url,
    had > 0 ? { range: `bytes=${had}-`, "if-range": tag } : {},
    signal,
  );
  let position = response.status === 206 ? had : 0;
  if (position === 0) {
    await handle.truncate(0);
    // A weak tag does not promise the same bytes, so it cannot be continued from.
    const newTag = response.headers.get("etag") ?? "";
    await writeFile(tagFile, newTag.startsWith("W/") ? "" : newTag, "utf8");
  }
  const length = Number(response.headers.get("content-length") ?? Number.NaN);
  const total = Number.isFinite(length) ? { totalBytes: position + length } : {};
  const report = () => onProgress?.({ receivedBytes: position, ...total });
  report();
  try {
    for await (const chunk of chunksOf(response)) {
      await handle.write(chunk, 0, chunk.length, position);
      position += chunk.length;
      report();
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw connectionError(url, error);
  }
  if ("totalBytes" in total && position !== total.totalBytes) {
    throw connectionError(url, `${position} of ${total.totalBytes} bytes came`);
  }
}

async function request(
  url: URL,
  headers: Record<string, string>,
  signal: AbortSignal | undefined,
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { headers, ...(signal && { signal }) });
  } catch (error) {
    signal?.throwIfAborted();
    throw connectionError(url, error);
  }
  if (response.ok) return response;
  await response.body?.cancel();
  // The part that is here is no beginning of the file that is there.
  if (response.status === 416) return request(url, {}, signal);
  throw statusError(url, response.status);
}

async function* chunksOf(response: Response): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = response.body?.getReader();
  try {
    while (reader) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader?.cancel().catch(() => undefined);
  }
}

/** Not a page that says something else, which servers also send with status 200. */
async function checkIsModel({ url }: Download, partial: string): Promise<void> {
  const magic = new Uint8Array(4);
  const handle = await open(partial, "r");
  try {
    await handle.read(magic, 0, magic.length, 0);
  } finally {
    await handle.close();
  }
  if (new TextDecoder().decode(magic) === "GGUF") return;
  await refuseFile(partial, `LlamaModel: what is at ${url} is no GGUF file.`);
}

async function checkHash({ url, sha256, signal }: Download, partial: string): Promise<void> {
  if (sha256 === undefined) return;
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(partial)) {
    signal?.throwIfAborted();
    hash.update(chunk);
  }
  const found = hash.digest("hex");
  if (found === sha256.toLowerCase()) return;
  await refuseFile(
    partial,
    `LlamaModel: the file at ${url} has the SHA-256 ${found} and not ${sha256}.`,
  );
}

async function refuseFile(partial: string, what: string): Promise<never> {
  await rm(partial);
  throw new ModelError(
    "model-invalid-response",
    `${what} It was deleted; check the address and the hash.`,
    { retryable: false },
  );
}

function connectionError(url: URL, cause: unknown): ModelError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ModelError(
    "model-connection",
    `LlamaModel: the download of ${url} broke: ${reason}. Load it again: what came is kept.`,
    { cause },
  );
}

function statusError(url: URL, status: number): ModelError {
  const code =
    status === 404
      ? "model-not-found"
      : status === 401
        ? "model-authentication"
        : status === 403
          ? "model-permission"
          : "model-server";
  return new ModelError(code, `LlamaModel: the server answered ${status} for ${url}.`, { status });
}
