/** What a page and its worker tell each other where they can share no memory. */
export type LineMessage =
  /** Bytes of packets. */
  | { type: "bytes"; bytes: Uint8Array<ArrayBuffer> }
  /** How many bytes the page has taken since it last said so. */
  | { type: "taken"; byteCount: number }
  /** Raises the flag that Python polls. */
  | { type: "interrupt"; signal: number };
