import type { JsonValue } from "../json.js";

/**
 * One value in several representations, keyed by MIME type, as in Jupyter. Binary types
 * (`image/png`) are base64 strings, text types are strings, JSON types are JSON values.
 */
export type MimeBundle = { [mimeType: string]: JsonValue };

/** A piece of text that the cell, or a process that it started, wrote. */
export interface TextOutput {
  type: "text";
  /**
   * `stderr` only where the source is known. Locally both descriptors share one pipe, to keep
   * their order, so what C code and child processes write to stderr counts as `stdout`.
   */
  stream: "stdout" | "stderr";
  text: string;
}

/** A value that the cell displayed. */
export interface DisplayOutput {
  type: "display";
  /** `result`: the value of the cell's last expression; `display`: an explicit display. */
  source: "result" | "display";
  data: MimeBundle;
}

/** What a cell put out, in the order in which it happened. */
export type Output = TextOutput | DisplayOutput;
