import { isObject } from "../../bridge/frame-parser.js";

/** What a web worker tells its page. */
export type WorkerReport =
  /** There is something to read in the shared memory. */
  | { type: "look" }
  /** Bytes of packets, where no memory is shared. */
  | { type: "bytes"; bytes: Uint8Array<ArrayBuffer> }
  | { type: "snapshot"; bytes: Uint8Array<ArrayBuffer> }
  /** Python was started without the snapshot that it was given. */
  | { type: "bad-snapshot" }
  /** It has said all that it has to say. */
  | { type: "ended" };

/** Reads it; `undefined` when no worker of ours sends it. */
export function readWorkerReport(value: unknown): WorkerReport | undefined {
  if (!isObject(value)) return undefined;
  const { type, bytes } = value;
  switch (type) {
    case "look":
    case "bad-snapshot":
    case "ended":
      return { type };
    case "bytes":
    case "snapshot":
      if (!(bytes instanceof Uint8Array && bytes.buffer instanceof ArrayBuffer)) return undefined;
      return { type, bytes: bytes as Uint8Array<ArrayBuffer> };
    default:
      return undefined;
  }
}
