import { fileURLToPath } from "node:url";

/** What a model wrote in this demo, for machines without one; `record.ts` makes it. */
export const recordingFile = fileURLToPath(new URL("recording.jsonl", import.meta.url));
