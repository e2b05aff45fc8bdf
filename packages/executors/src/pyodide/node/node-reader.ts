import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fetchPlace, isUrl, type PlaceReader } from "../packages/place.js";

/** Reads URLs and files. */
export const nodeReader: PlaceReader = {
  read: async (place, options) => {
    if (isUrl(place)) return fetchPlace(place, options);
    const { maxBytes = Number.POSITIVE_INFINITY, signal } = options ?? {};
    const bytes = await readFile(place, { signal });
    if (bytes.length > maxBytes) throw new Error(`it is larger than ${maxBytes} bytes`);
    return { bytes: new Uint8Array(bytes), contentType: "", url: "" };
  },
  list: (directory) => readdir(directory),
  join: (directory, name) => {
    if (!isUrl(directory)) return join(directory, name);
    return new URL(name, directory.endsWith("/") ? directory : `${directory}/`).href;
  },
};
