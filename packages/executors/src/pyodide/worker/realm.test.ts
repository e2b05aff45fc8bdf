import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
// oxlint-disable-next-line import/default -- the loader of programs gives it one.
import program from "../../../test/node-locked-realm.ts?program";

async function attemptIn(realm: "locked" | "open"): Promise<Record<string, boolean>> {
  const worker = new Worker(program, { eval: true, workerData: realm });
  try {
    const [outcomes] = (await once(worker, "message")) as [Record<string, boolean>];
    return outcomes;
  } finally {
    await worker.terminate();
  }
}

const locked = await attemptIn("locked");
const open = await attemptIn("open");

describe("a worker's realm gives nothing to JavaScript, and Node's own realm all of it", () => {
  it.each(Object.keys(open))("%s", (name) => {
    expect(open[name]).toBe(true);
    expect(locked[name]).toBe(false);
  });
});
