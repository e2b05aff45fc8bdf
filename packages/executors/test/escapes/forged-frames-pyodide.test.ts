import type { Interpreter } from "@codeact/core";
import { afterAll, beforeAll, describe, it } from "vitest";
import { PyodideExecutor } from "../../src/pyodide/index.js";
import { testCache } from "../../src/pyodide/test-cache.js";
import { callTool } from "../start-python.js";
import { expectNothingForged } from "./forge.js";
import { forgeries } from "./forged-frames.js";

/** There the channel is a device of the file system in memory. */
const findChannel = `
import os, stat
def find_channel():
    for number in range(3, 256):
        try: status = os.fstat(number)
        except OSError: continue
        if stat.S_ISCHR(status.st_mode): return number
def send(data):
    view = memoryview(data)
    while view: view = view[os.write(fd, view):]
fd = find_channel()
`;

// Output and frames go one way there, so that a frame has no place in the output to wait for.
const known = forgeries.map((forgery) =>
  forgery.name === "a call with a mark that never comes"
    ? { ...forgery, calls: ["forged"], hangs: false }
    : forgery,
);
// Each takes an interpreter, and most of them its life.
const tried =
  process.env["CODEACT_ALL_ESCAPES"] === "1" ? known : known.filter((_, at) => at % 6 === 0);

describe("a cell in Pyodide that writes on its channel", () => {
  const executor = new PyodideExecutor({ isolation: "worker", cacheDirectory: testCache });
  let sibling: Interpreter;

  beforeAll(async () => {
    sibling = await executor.start({ tools: [callTool] });
    await sibling.execute("kept = 'of the sibling'");
  }, 120_000);

  afterAll(() => executor.close());

  it.each(tried)("$name: nothing beyond honest calls, and none of others", async (forgery) => {
    const python = await executor.start({ tools: [callTool] });
    await expectNothingForged(python, sibling, findChannel, forgery);
    await python.close();
  });
});
