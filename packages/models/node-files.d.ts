// All that this package may take from Node: src/llama, and src/recorded by dynamic import.
declare module "node:fs/promises" {
  export interface FileHandle {
    close(): Promise<void>;
    read(bytes: Uint8Array, offset: number, length: number, position: number): Promise<unknown>;
    stat(): Promise<{ size: number }>;
    truncate(length: number): Promise<void>;
    write(bytes: Uint8Array, offset: number, length: number, position: number): Promise<unknown>;
  }
  export function mkdir(path: string, options: { recursive: true }): Promise<string | undefined>;
  export function open(path: string, flags: string): Promise<FileHandle>;
  export function readFile(path: string, encoding: "utf8"): Promise<string>;
  export function rename(from: string, to: string): Promise<void>;
  export function rm(path: string, options?: { force?: boolean }): Promise<void>;
  export function stat(path: string): Promise<{ isFile(): boolean }>;
  export function writeFile(path: string, content: string, encoding: "utf8"): Promise<void>;
}

declare module "node:fs" {
  export function createReadStream(path: string): AsyncIterable<Uint8Array>;
}

declare module "node:crypto" {
  interface Hash {
    update(data: Uint8Array | string): Hash;
    digest(encoding: "hex"): string;
  }
  export function createHash(algorithm: "sha256"): Hash;
}

declare module "node:os" {
  export function availableParallelism(): number;
  export function homedir(): string;
}

declare module "node:path" {
  export function dirname(path: string): string;
  export function join(...segments: string[]): string;
  export function resolve(path: string): string;
}

declare module "node:process" {
  export const stderr: { isTTY?: boolean; write(text: string): boolean };
}

declare module "node:url" {
  export function fileURLToPath(url: URL): string;
}
