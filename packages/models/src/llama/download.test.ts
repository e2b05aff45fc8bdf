import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Download, downloadFile } from "./download.js";

const content = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
content.write("GGUF", "latin1");
const sha256 = createHash("sha256").update(content).digest("hex");

let folder: string;
let server: Server;
let ranges: (string | undefined)[];
let respond: RequestListener;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "codeact-download-"));
  ranges = [];
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    respond(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

function download(more: Partial<Download> = {}): Promise<void> {
  const { port } = server.address() as AddressInfo;
  const url = new URL(`http://127.0.0.1:${port}/model.gguf`);
  return downloadFile({ url, file: path.join(folder, "deep", "model.gguf"), sha256, ...more });
}

const files = () => readdir(path.join(folder, "deep"));

/** Serves `content` like a file server. */
function fileServer({
  etag = '"1"',
  first = content.length,
}: {
  etag?: string;
  first?: number;
} = {}) {
  const listener: RequestListener = (request, response) => {
    const asked = request.headers["if-range"] === etag ? request.headers.range : undefined;
    const start = Number(/bytes=(\d+)-/.exec(asked ?? "")?.[1] ?? 0);
    response.writeHead(start > 0 ? 206 : 200, { etag, "content-length": content.length - start });
    // The rest of the first answer never comes.
    if (ranges.length === 1 && first < content.length) response.write(content.subarray(0, first));
    else response.end(content.subarray(start));
  };
  return listener;
}

/** A download whose connection breaks when 40,000 bytes have come. */
async function breakDownload(etag?: string): Promise<void> {
  respond = fileServer({ first: 40_000, ...(etag && { etag }) });
  const onProgress: Download["onProgress"] = ({ receivedBytes }) => {
    if (receivedBytes >= 40_000) server.closeAllConnections();
  };
  const broken = download({ onProgress });
  await expect(broken).rejects.toMatchObject({ code: "model-connection", retryable: true });
}

test("stores the file and reports progress", async () => {
  respond = fileServer();
  const progress: number[] = [];
  await download({
    onProgress: ({ receivedBytes, totalBytes }) => {
      expect(totalBytes).toBe(content.length);
      progress.push(receivedBytes);
    },
  });
  expect(await files()).toEqual(["model.gguf"]);
  expect(content.equals(await readFile(path.join(folder, "deep", "model.gguf")))).toBe(true);
  expect(progress[0]).toBe(0);
  expect(progress.at(-1)).toBe(content.length);
});

test("continues where a broken download stopped", async () => {
  await breakDownload();
  expect(await files()).toEqual(["model.gguf.part", "model.gguf.part.etag"]);
  await download();
  expect(ranges).toEqual([undefined, "bytes=40000-"]);
  expect(content.equals(await readFile(path.join(folder, "deep", "model.gguf")))).toBe(true);
  expect(await files()).toEqual(["model.gguf"]);
});

test("begins anew when the file on the server has changed", async () => {
  await breakDownload('"old"');
  respond = fileServer({ etag: '"new"' });
  await download();
  expect(content.equals(await readFile(path.join(folder, "deep", "model.gguf")))).toBe(true);
});

test("begins anew when the server gives no tag that promises the same bytes", async () => {
  await breakDownload('W/"1"');
  await download();
  expect(ranges).toEqual([undefined, undefined]);
});

test("deletes a file with another hash", async () => {
  respond = fileServer();
  const failed = download({ sha256: "0".repeat(64) });
  await expect(failed).rejects.toMatchObject({ code: "model-invalid-response", retryable: false });
  expect(await files()).not.toContain("model.gguf");
  expect(await files()).not.toContain("model.gguf.part");
});

test("deletes what is no model, such as a page that asks for a login", async () => {
  respond = (_request, response) => void response.end("<html>Please log in.</html>");
  const failed = download({ sha256: undefined });
  await expect(failed).rejects.toMatchObject({ code: "model-invalid-response", retryable: false });
  await expect(failed).rejects.toThrow("no GGUF file");
  expect(await files()).not.toContain("model.gguf.part");
});

test.each([
  [401, "model-authentication"],
  [403, "model-permission"],
  [404, "model-not-found"],
  [500, "model-server"],
])("a server that answers %i is %s", async (status, code) => {
  respond = (_request, response) => void response.writeHead(status).end();
  await expect(download()).rejects.toMatchObject({ code, status });
});

test("ends with the signal and keeps what came", async () => {
  const controller = new AbortController();
  respond = (_request, response) => {
    response.writeHead(200, { etag: '"1"', "content-length": content.length });
    response.write(content.subarray(0, 40_000));
  };
  const onProgress: Download["onProgress"] = ({ receivedBytes }) => {
    if (receivedBytes >= 40_000) controller.abort(new Error("enough"));
  };
  await expect(download({ signal: controller.signal, onProgress })).rejects.toThrow("enough");
  expect(await readFile(path.join(folder, "deep", "model.gguf.part"))).toHaveLength(40_000);
});
