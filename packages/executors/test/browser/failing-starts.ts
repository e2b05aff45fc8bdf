import type { Page } from "playwright-core";
import { expect, it } from "vitest";

const loadedFiles = ["pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json"];
/** What a server has in the place of Pyodide: paths to contents. */
export const unusableFiles: ReadonlyMap<string, string> = new Map(
  loadedFiles.flatMap((name): [string, string][] => [
    // As a server answers that knows the pages of an application only.
    [`/application/${name}`, "<!doctype html>"],
    [`/damaged/${name}`, "{}"],
  ]),
);

/** Why an executor of these options does not start. */
export const startError = (page: Page, options: object): Promise<string> =>
  page.evaluate(async (given) => {
    const executor = new codeact.PyodideExecutor(given);
    try {
      await executor.start();
      return "it started";
    } catch (error) {
      if (!codeact.CodeActError.isInstance(error)) throw error;
      return `${error.code}: ${error.message}`;
    } finally {
      await executor.close();
    }
  }, options);

/** How large the snapshots are that the browser keeps. */
export const keptBytes = (page: Page): Promise<number[]> =>
  page.evaluate(async () => {
    const cache = await caches.open("codeact-pyodide");
    const kept = await Promise.all((await cache.keys()).map((key) => cache.match(key)));
    return Promise.all(kept.map(async (file) => (await file?.arrayBuffer())?.byteLength ?? 0));
  });

/** Tests of starts that fail, in pages that `open` opens. */
export function testFailingStarts(open: (path: string) => Promise<Page>): void {
  it("gives up a start that takes too long, and leaves nothing of it", async () => {
    const page = await open("globals.html");
    const aborted: string[] = [];
    page.on("requestfailed", (request) => aborted.push(new URL(request.url()).pathname));
    const late = /^executor-start: .* 1500 ms.*`indexUrl`.*`worker`/;
    const options = { indexUrl: "/stalled/", startTimeoutMs: 1500 };
    expect(await startError(page, options)).toMatch(late);
    await expect.poll(() => aborted.length, { timeout: 60_000 }).toBe(loadedFiles.length);
    const [error, startedCount, endedCount] = await page.evaluate(async () => {
      let counts = [0, 0] as [number, number];
      const executor = new codeact.PyodideExecutor({
        indexUrl: "/pyodide/",
        startTimeoutMs: 1500,
        cacheDirectory: false,
        // The program of somebody else, which never says anything.
        worker: () => {
          const url = URL.createObjectURL(new Blob(["onmessage = () => {};"]));
          const worker = new Worker(url);
          counts = [counts[0] + 1, counts[1]];
          const terminate = worker.terminate.bind(worker);
          worker.terminate = () => {
            counts = [counts[0], counts[1] + 1];
            terminate();
          };
          return worker;
        },
      });
      const failed = await executor.start().then(
        () => "it started",
        (reason: Error) => reason.message,
      );
      return [failed, ...counts] as const;
    });
    expect(`executor-start: ${error}`).toMatch(late);
    expect(endedCount).toBe(startedCount);
    await page.close();
  });

  it("says which package is corrupt, and keeps the snapshot", async () => {
    const page = await open("globals.html");
    const packages = ["/files/corrupt-1.0-py3-none-any.whl"];
    expect(await startError(page, { indexUrl: "/pyodide/", packages })).toMatch(
      /^executor-start: .*packages cannot be installed \(corrupt\).*not a zip file/,
    );
    expect(await keptBytes(page)).toHaveLength(1);
    await page.close();
  });

  it("says which file of Pyodide is not there, and which worker", async () => {
    const page = await open("globals.html");
    expect(await startError(page, { indexUrl: "/nowhere/" })).toMatch(
      /^executor-start: .*nowhere\/.*status 404.*indexUrl/,
    );
    expect(await startError(page, { indexUrl: "/application/" })).toMatch(
      /^executor-start: .*application\/.*a web page.*indexUrl/,
    );
    expect(await startError(page, { indexUrl: "/damaged/" })).toMatch(
      /^executor-start: .*damaged\/.*CompileError.*indexUrl/,
    );
    expect(await startError(page, { indexUrl: "/pyodide/", worker: "/missing.js" })).toMatch(
      /^executor-start: .*worker could not be loaded/,
    );
  });
}
