import { access } from "node:fs/promises";
import path from "node:path";
import { CodeActError } from "@codeact/core";

/** Where something is looked for in a checkout. */
export interface SoughtFolder {
  /** The folder from the root of the checkout. It may be given instead of the checkout. */
  folder: readonly string[];
  /** A file in it by which it is known. */
  marker: string;
  /** What is there, for errors. */
  what: string;
  /** Where such a checkout is to be had. */
  repository: string;
}

/**
 * The folder of a checkout that holds the tasks.
 * @throws `CodeActError` with code `invalid-option` when there is none
 */
export async function findFolder(
  checkout: string,
  { folder, marker, what, repository }: SoughtFolder,
): Promise<string> {
  const candidates = [path.join(checkout, ...folder), checkout];
  for (const candidate of candidates.map((each) => path.resolve(each))) {
    const isThere = await access(path.join(candidate, marker)).then(
      () => true,
      () => false,
    );
    if (isThere) return candidate;
  }
  throw new CodeActError(
    "invalid-option",
    `"${checkout}" has no ${what}. Give a checkout of ${repository}.`,
  );
}
