// All that this package may take from Node, by dynamic import behind the entry that needs it.
declare module "node:fs/promises" {
  export function mkdir(path: string, options: { recursive: true }): Promise<string | undefined>;
  export function readFile(path: string, encoding: "utf8"): Promise<string>;
  export function rename(from: string, to: string): Promise<void>;
  export function writeFile(path: string, content: string, encoding: "utf8"): Promise<void>;
}
