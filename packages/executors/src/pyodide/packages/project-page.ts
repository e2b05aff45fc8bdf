import { isObject } from "../../bridge/frame-parser.js";
import type { PlacedFile } from "./place.js";

/** A file that an index offers for a project. */
export interface IndexFile {
  fileName: string;
  place: string;
  sha256: string | undefined;
  /** Versions of Python, such as `>=3.9`. */
  requiresPython: string | undefined;
  /** Withdrawn: only who names exactly this version gets it. */
  isYanked: boolean;
}

/** What an index is asked for: its newer form (PEP 691), or else pages (PEP 503). */
export const projectPageTypes =
  "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1";

/** The files that the page of a project names. */
export function readProjectPage({ bytes, contentType, url }: PlacedFile): IndexFile[] {
  const text = new TextDecoder().decode(bytes);
  const files = /json/i.test(contentType) ? readJson(text) : readHtml(text);
  return files.flatMap((file) => {
    const place = resolve(file.place, url);
    return place === undefined ? [] : [{ ...file, place }];
  });
}

/** A page names nothing but servers, and of those that are secure if it came from one. */
function resolve(place: string, page: string): string | undefined {
  const { protocol, href } = new URL(place, page);
  const isAllowed = protocol === "https:" || (protocol === "http:" && page.startsWith("http:"));
  return isAllowed ? href : undefined;
}

function readJson(text: string): IndexFile[] {
  const page: unknown = JSON.parse(text);
  const files = isObject(page) && Array.isArray(page["files"]) ? (page["files"] as unknown[]) : [];
  return files.filter(isObject).map((file) => {
    const { filename, url, hashes, yanked } = file;
    return {
      fileName: String(filename),
      place: String(url),
      sha256: isObject(hashes) ? textOrNone(hashes["sha256"]) : undefined,
      requiresPython: textOrNone(file["requires-python"]),
      isYanked: yanked !== undefined && yanked !== false,
    };
  });
}

function readHtml(text: string): IndexFile[] {
  return [...text.matchAll(/<a\s([^<>]*)>([^<]*)<\/a>/gi)].map(
    ([, attributes = "", label = ""]) => {
      const attribute = (name: string): string | undefined => {
        const match = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, "i").exec(
          attributes,
        );
        const value = match?.[1] ?? match?.[2];
        return value === undefined ? undefined : decodeEntities(value);
      };
      const [place = "", fragment = ""] = (attribute("href") ?? "").split("#");
      return {
        fileName: decodeEntities(label).trim(),
        place,
        sha256: /(?:^|&)sha256=([0-9a-f]{64})/i.exec(fragment)?.[1],
        requiresPython: attribute("data-requires-python"),
        isYanked: /(?:^|\s)data-yanked\b/i.test(attributes),
      };
    },
  );
}

function decodeEntities(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(String(hex), 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return entities[String(name).toLowerCase()] ?? String(whole);
  });
}

const entities: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
};

function textOrNone(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
