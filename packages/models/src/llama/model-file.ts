import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { CodeActError } from "@codeact/core";
import { type DownloadProgress, downloadFile } from "./download.js";
import { knownModels } from "./known-models.js";
import { ProgressBar } from "./progress-bar.js";

/** Which model file is wanted; members of {@link LlamaModelOptions}. */
export interface ModelFileOptions {
  model: string | URL;
  sha256?: string;
  cacheFolder?: string;
  onDownloadProgress?: (progress: DownloadProgress) => void;
  signal?: AbortSignal;
}

/** A model file on this machine. */
export interface ModelFile {
  path: string;
  /** Short, for people. */
  name: string;
}

/** Finds the file of a model, which is downloaded first if it is known by name or URL only. */
export async function modelFile(options: ModelFileOptions): Promise<ModelFile> {
  const download = downloadOf(options);
  if (download === undefined) return localFile(options.model);
  const { url, path, name, sha256 } = download;
  if (!(await exists(path))) {
    const bar = new ProgressBar(name);
    try {
      await downloadFile({
        url,
        file: path,
        sha256: options.sha256 ?? sha256,
        onProgress: options.onDownloadProgress ?? bar.show,
        signal: options.signal,
      });
    } finally {
      bar.end();
    }
  }
  return { path, name };
}

/** Whether the file of a model is on this machine. */
export function hasModelFile(options: ModelFileOptions): Promise<boolean> {
  return exists(downloadOf(options)?.path ?? localPath(options.model));
}

/** Where a model comes from and is kept; nothing for a file that is the user's own. */
function downloadOf({ model, cacheFolder }: ModelFileOptions) {
  const folder = cacheFolder ?? defaultCacheFolder();
  const known = typeof model === "string" ? knownModels.get(model) : undefined;
  if (known) {
    const name = String(model);
    const { sha256 } = known;
    return { url: new URL(known.url), path: join(folder, `${name}.gguf`), name, sha256 };
  }
  const url = urlOf(model);
  if (!url || url.protocol === "file:") return undefined;
  return { url, path: join(folder, cacheName(url)), name: baseName(url.pathname) };
}

function localPath(model: string | URL): string {
  const url = urlOf(model);
  return url ? fileURLToPath(url) : resolve(String(model));
}

async function localFile(model: string | URL): Promise<ModelFile> {
  const path = localPath(model);
  if (await exists(path)) return { path, name: baseName(path) };
  throw new CodeActError(
    "invalid-option",
    `LlamaModel: there is no file ${path}. The option model takes a path, a URL, or one of the ` +
      `names ${[...knownModels.keys()].join(", ")}.`,
  );
}

/** A drive letter is no protocol. */
function urlOf(model: string | URL): URL | undefined {
  if (model instanceof URL) return model;
  return /^(https?|file):\/\//i.test(model) ? new URL(model) : undefined;
}

function baseName(path: string): string {
  return (path.split(/[/\\]/).at(-1) ?? path).replace(/\.gguf$/i, "");
}

/** Files of one name from two places are two files. */
function cacheName(url: URL): string {
  const digest = createHash("sha256").update(url.href).digest("hex");
  return `${baseName(decodeURIComponent(url.pathname))}-${digest.slice(0, 12)}.gguf`;
}

function defaultCacheFolder(): string {
  return join(homedir(), ".cache", "codeact", "models");
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
