/*
 * PyodideExecutor in Chromium: start, cells and tool calls, in pages that are cross-origin isolated
 * and that are not, against Pyodide by itself in a worker of the same page.
 *
 *   node scripts/run-typescript.mjs bench/src/pyodide-browser.ts
 */
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
// oxlint-disable no-restricted-imports -- what builds and serves the pages of tests does so here
import { bundlePages } from "../../packages/executors/test/browser/bundle.js";
import { launchChromium } from "../../packages/executors/test/browser/chromium.js";
import { servePages } from "../../packages/executors/test/browser/page-server.js";
// oxlint-enable no-restricted-imports
import type {} from "./browser/page.js";
import { printFigures, printMachine } from "./support/report.js";
import { summarize } from "./support/statistics.js";

const rounds = 5;
const directory = fileURLToPath(new URL("browser", import.meta.url));
const server = await servePages(await bundlePages(["page", "plain-worker"], directory));
const browser = await launchChromium();

async function open(folder: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`${server.url}${folder}page.html`);
  await page.waitForFunction(() => "bench" in globalThis);
  return page;
}

/** In a page of its own. */
async function inPage<T>(folder: string, action: (page: Page) => Promise<T>): Promise<T> {
  const page = await open(folder);
  const result = await action(page);
  await page.close();
  return result;
}

printMachine();
console.log(`${browser.browser()?.browserType().name()} ${browser.browser()?.version()}\n`);
const [firstMs = 0] = await inPage("", (page) => page.evaluate(() => bench.starts("ours")));
console.log(`The first start, which makes the snapshot: ${firstMs.toFixed(0)} ms\n`);

for (const [name, folder] of [
  ["a cross-origin isolated page", "isolated/"],
  ["another page", ""],
] as const) {
  const times = { plain: [[], []] as number[][], ours: [[], []] as number[][] };
  for (let round = 0; round < rounds; round++) {
    for (const kind of ["plain", "ours"] as const) {
      const both = await inPage(folder, (page) =>
        page.evaluate((which) => bench.starts(which), kind),
      );
      both.forEach((ms, index) => times[kind][index]?.push(ms));
    }
  }
  for (const [index, which] of ["first", "second"].entries()) {
    const plain = summarize(times.plain[index] ?? []);
    printFigures(`Start, a cell, close: the ${which} of ${name}`, "ms", [
      { name: "loadPyodide in a worker (baseline)", summary: plain },
      { name: "PyodideExecutor", summary: summarize(times.ours[index] ?? []), baseline: plain },
    ]);
  }
  const { cell, loop } = await inPage(folder, (page) => page.evaluate(() => bench.cells()));
  for (const [title, { plain, ours }] of [
    ["Cell 1+1", cell],
    ["1,000,000 rounds of a loop", loop],
  ] as const) {
    printFigures(`${title} in ${name}`, "ms", [
      { name: "runPython and a message each way (baseline)", summary: plain },
      { name: "PyodideExecutor", summary: ours, baseline: plain },
    ]);
  }
  const calls = await inPage(folder, (page) => page.evaluate(() => bench.calls()));
  if (folder !== "") {
    const interrupts = await inPage(folder, (page) => page.evaluate(() => bench.interrupts()));
    printFigures(`Interrupt of a loop in ${name}, until its result (bar: 50 ms)`, "ms", [
      { name: "PyodideExecutor", summary: interrupts },
    ]);
  }
  printFigures(`100 tool calls in a row in ${name}`, "ms", [
    { name: "PyodideExecutor", summary: calls },
  ]);
}
await browser.browser()?.close();
await server.close();
