import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { CodeActError } from "@codeact/core";
import { type DownloadProgress, downloadFile } from "./download.js";
import { knownModels } from "./known-models.js";

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
  const { model } = options;
  const known = typeof model === "string" ? knownModels.get(model) : undefined;
  const url = known ? new URL(known.url) : urlOf(model);
  if (!url || url.protocol === "file:") return localFile(url ?? String(model));
  const folder = options.cacheFolder ?? defaultCacheFolder();
  const fileName = known ? `${String(model)}.gguf` : cacheName(url);
  const path = join(folder, fileName);
  if (!(await exists(path))) {
    await downloadFile({
      url,
      file: path,
      sha256: options.sha256 ?? known?.sha256,
      onProgress: options.onDownloadProgress,
      signal: options.signal,
    });
  }
  return { path, name: known ? String(model) : baseName(url.pathname) };
}

async function localFile(location: string | URL): Promise<ModelFile> {
  const path = typeof location === "string" ? resolve(location) : fileURLToPath(location);
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
