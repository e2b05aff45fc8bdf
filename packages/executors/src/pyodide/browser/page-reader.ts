import { fetchPlace, type PlaceReader } from "../packages/place.js";

/** Reads URLs, which may be relative to the page. */
export const pageReader: PlaceReader = {
  read: (place, options) => fetchPlace(absolute(place), options),
  join: (directory, name) => {
    const base = absolute(directory);
    return new URL(name, base.endsWith("/") ? base : `${base}/`).href;
  },
};

function absolute(place: string): string {
  return new URL(place, globalThis.location.href).href;
}
