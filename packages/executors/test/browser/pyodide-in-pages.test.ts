import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { descendantsOf } from "../../src/python/process-tree.js";
import { residentBytes } from "../resident-bytes.js";
import { buildWithEsbuild, buildWithVite } from "./apps/build.js";
import { bundlePages } from "./bundle.js";
import { hasChromium, launchChromium } from "./chromium.js";
import { collectCases } from "./collect-cases.js";
import { packageFiles } from "./package-files.js";
import { keptBytes, startError, testFailingStarts, unusableFiles } from "./failing-starts.js";
import { type PageServer, servePages } from "./page-server.js";

const runs = hasChromium("PyodideExecutor in a browser is not tested");
const timeoutMs = 240_000;
const { cases } = collectCases(() => {
  throw new Error("cases run in the page");
});
/** All of them take minutes; these are what differs from Node. */
const chosenCases = /^(async|interrupts)/;
const takesAll = process.env["CODEACT_ALL_BROWSER_CASES"] === "1";
const caseNames = [...cases.keys()].filter((name) => takesAll || chosenCases.test(name));
let server: PageServer;
let browser: BrowserContext;

async function open(path: string, context = browser): Promise<Page> {
  const page = await context.newPage();
  await page.goto(server.url + path);
  await page.waitForFunction(() => "codeact" in globalThis);
  return page;
}

describe.skipIf(!runs)("PyodideExecutor in Chromium", { timeout: timeoutMs }, () => {
  beforeAll(async () => {
    const pages = await bundlePages(["globals", "worker", "conformance"]);
    const classicWorker = `(() => {${pages.get("/worker.js")}})();`;
    server = await servePages(
      new Map([
        ...pages,
        ["/classic-worker.js", classicWorker],
        ...(await buildWithEsbuild()),
        ...(await buildWithVite()),
        ...packageFiles(),
        ...unusableFiles,
      ]),
    );
    browser = await launchChromium();
  }, timeoutMs);
  afterAll(async () => {
    await browser?.browser()?.close();
    await server?.close();
  });

  describe.each([
    { name: "a cross-origin isolated page", folder: "isolated/", isIsolated: true },
    { name: "a page without shared memory", folder: "", isIsolated: false },
  ])("in $name", ({ folder, isIsolated }) => {
    let page: Page;
    beforeAll(async () => {
      page = await open(`${folder}globals.html`);
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(isIsolated);
    }, timeoutMs);

    describe("conforms:", () => {
      let cases: Page;
      beforeAll(async () => {
        cases = await browser.newPage();
        await cases.goto(`${server.url}${folder}conformance.html`);
      }, timeoutMs);
      afterAll(() => cases.evaluate(() => endCases()));

      it.each(caseNames)("%s", (name) => cases.evaluate((each) => runCase(each), name));
    });

    it("lets an agent call a tool of the page", async () => {
      const answer = await page.evaluate(async () => {
        const { Agent, PyodideExecutor, ScriptedModel, tool, z } = codeact;
        const executor = new PyodideExecutor({ indexUrl: "/pyodide/" });
        const agent = new Agent({
          model: new ScriptedModel([
            "<execute>\nbest = max(['Oslo', 'Rome'], key=lambda city: celsius(city))\nbest\n</execute>",
            "<execute>final_answer(f'{best}, {celsius(best)} degrees')</execute>",
          ]),
          executor,
          tools: [
            tool({
              name: "celsius",
              description: "How warm it is.",
              inputSchema: z.object({ city: z.string() }),
              execute: async ({ city }) => (city === "Rome" ? 31 : 12),
            }),
          ],
        });
        const result = await agent.run("Which city is warmer?");
        await executor.close();
        return result.status === "answered" ? result.output : result.status;
      });
      expect(answer).toBe("Rome, 31 degrees");
    });

    it("has the packages that it is given, and installs what it is allowed to", async () => {
      const told = await page.evaluate(async () => {
        const executor = new codeact.PyodideExecutor({
          indexUrl: "/pyodide/",
          packages: ["named", "/files/lone-1.0-py3-none-any.whl"],
          packageBaseUrl: "/distribution",
          installFrom: "/simple/",
        });
        const python = await executor.start();
        const code =
          "import named, lone\n%pip install top\nimport top, needed\nprint(needed.value)";
        const { outputs, error } = await python.execute(code);
        const { outputs: others } = await python.execute("%pip install unknown");
        await executor.close();
        const texts = [...outputs, ...others].map((each) =>
          each.type === "text" ? each.text : "",
        );
        return texts.join("") + (error?.traceback ?? "");
      });
      expect(told).toMatch(/Successfully installed .*top-1\.0.*\n42\n.*no package unknown at/s);
    });

    it("interrupts, and says truly what is lost", async () => {
      const ends = await page.evaluate(async () => {
        const { PyodideExecutor } = codeact;
        const patient = new PyodideExecutor({ indexUrl: "/pyodide/", interruptGraceMs: 30_000 });
        const hasty = new PyodideExecutor({ indexUrl: "/pyodide/" });
        const pythons = [await patient.start(), await hasty.start()] as const;
        const [python] = pythons;
        const found: string[] = [python.capabilities.interrupt];
        for (const [code, by] of [
          ["import time\ntime.sleep(600)", python],
          ["import asyncio\nasyncio.run(asyncio.sleep(600))", python],
          ["while True: print('x' * 1000)", python],
          ["while True: pass", pythons[crossOriginIsolated ? 0 : 1]],
        ] as const) {
          await by.execute("kept = 5");
          const limits = { timeoutMs: 300, maxOutputBytes: 10_000 };
          const { status, state } = await by.execute(code, limits);
          const { status: after } = await by.execute("kept");
          found.push(`${status} ${state} ${after}`);
        }
        await patient.close();
        await hasty.close();
        return found;
      });
      const kept = "timeout kept ok";
      expect(ends).toEqual(
        isIsolated
          ? ["keeps-state", kept, kept, kept, kept]
          : ["terminates", kept, kept, kept, "timeout lost error"],
      );
    });

    it("makes code wait that writes more than the page takes", async () => {
      const { status, droppedBytes, pieces } = await page.evaluate(async () => {
        const executor = new codeact.PyodideExecutor({ indexUrl: "/pyodide/" });
        const python = await executor.start();
        let pieces = 0;
        const result = await python.execute("for _ in range(20): print('x' * 1_000_000)", {
          maxOutputBytes: 1000,
          onOutput: async () => {
            pieces++;
            await new Promise((resolve) => setTimeout(resolve, 20));
          },
        });
        await executor.close();
        return { ...result, pieces };
      });
      expect(status).toBe("ok");
      expect(droppedBytes).toBeGreaterThan(19_000_000);
      expect(pieces).toBeGreaterThan(0);
    });

    it("survives the end of its memory, of Python and of the worker", async () => {
      const ends = await page.evaluate(async () => {
        let worker: Worker | undefined;
        const executor = new codeact.PyodideExecutor({
          indexUrl: "/pyodide/",
          memoryLimitMb: 128,
          worker: () => {
            worker = new Worker("worker.js", { type: "module" });
            return worker;
          },
        });
        const python = await executor.start();
        await python.execute("with open('file', 'w') as f: f.write('kept')");
        const results = [
          await python.execute("blocks = []\nwhile True: blocks.append(bytearray(10**7))"),
          await python.execute("import os\nos._exit(3)"),
        ];
        const dying = python.execute("import time\nprint('begun')\ntime.sleep(600)", {
          onOutput: () => {
            worker?.dispatchEvent(new ErrorEvent("error", { message: "out of memory" }));
          },
        });
        results.push(await dying);
        results.push(await python.execute("print(open('file').read())"));
        await executor.close();
        return results.map(({ status, error, lostReason }) => [status, error?.type, lostReason]);
      });
      expect(ends).toEqual([
        ["error", "MemoryError", undefined],
        ["crashed", undefined, "exit status 3"],
        ["crashed", undefined, "its worker failed: out of memory"],
        ["ok", undefined, undefined],
      ]);
    });

    it("gives the code no way to the page, the network or storage", async () => {
      const attempts = [
        "import js",
        "import pyodide_js",
        "from pyodide.code import run_js",
        "import socket\nsocket.create_connection(('127.0.0.1', 9), timeout=1)",
        "from pyodide.http import open_url\nopen_url('/globals.js')",
        "import urllib.request\nurllib.request.urlopen('http://127.0.0.1/')",
        "import ctypes\nassert ctypes.CDLL(None).emscripten_run_script_int(b'40+2') == 42",
        "from pyodide.ffi import to_js\nto_js([1]).constructor.constructor('return 7')()",
        "from pyodide.ffi import to_js\nto_js([1]).constructor.constructor('return fetch')()",
        "open('/etc/passwd').read()",
      ];
      const ends = await page.evaluate(async (codes) => {
        const executor = new codeact.PyodideExecutor({ indexUrl: "/pyodide/" });
        const python = await executor.start();
        const found: string[] = [];
        for (const code of codes) {
          const { status, state } = await python.execute(code, { timeoutMs: 10_000 });
          found.push(`${status} ${state}`);
        }
        await executor.close();
        return found;
      }, attempts);
      expect(ends).toEqual(attempts.map(() => "error kept"));
    });
  });

  it("names both ways out where Python cannot wait", async () => {
    const page = await browser.newPage();
    await page.addInitScript(() => {
      Reflect.deleteProperty(WebAssembly, "Suspending");
    });
    await page.goto(`${server.url}globals.html`);
    await page.waitForFunction(() => "codeact" in globalThis);
    const error = await startError(page, { indexUrl: "/pyodide/" });
    expect(error).toMatch(/^executor-start: .*Cross-Origin-Opener-Policy.*Promise Integration/);
  });

  describe("says why it does not start, and", () => testFailingStarts(open));

  it.each([
    ["by esbuild", "isolated/esbuild/"],
    ["by Vite", "isolated/vite/"],
    ["by Vite, with a strict policy", "strict/vite/"],
  ])("runs an application built %s", async (_name, path) => {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on("console", (message) => problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(String(error)));
    await page.goto(server.url + path);
    await page.waitForFunction(() => document.title !== "");
    expect(await page.title()).toBe("Rome, 31 degrees");
    expect(problems).toEqual([]);
    await page.close();
  });

  it("runs in a classic worker, which webpack makes", async () => {
    const page = await open("isolated/globals.html");
    const status = await page.evaluate(async () => {
      const executor = new codeact.PyodideExecutor({
        indexUrl: "/pyodide/",
        worker: () => new Worker("classic-worker.js"),
      });
      const result = await (await executor.start()).execute("1 + 1");
      await executor.close();
      return result.status;
    });
    expect(status).toBe("ok");
    await page.close();
  });

  it("says that a module cannot be a classic worker as it is", async () => {
    const page = await open("isolated/globals.html");
    const error = await page.evaluate(async () => {
      const executor = new codeact.PyodideExecutor({
        indexUrl: "/pyodide/",
        worker: () => new Worker("worker.js"),
      });
      const failed = await executor.start().catch((reason: Error) => reason.message);
      await executor.close();
      return failed;
    });
    expect(error).toMatch(/its worker failed: .*type: "module"/);
    await page.close();
  });

  it.runIf(process.platform === "linux")("gives its memory back to the system", async () => {
    const usedBytes = async () => residentBytes(await descendantsOf(process.pid));
    const page = await open("isolated/globals.html");
    const executor = await page.evaluateHandle(async () => {
      const started = new codeact.PyodideExecutor({ indexUrl: "/pyodide/" });
      const python = await started.start();
      const { error } = await python.execute("data = b'x' * 300_000_000");
      if (error !== undefined) throw new Error(error.traceback);
      return started;
    });
    const heldBytes = await usedBytes();
    expect(heldBytes).toBeGreaterThan(300_000_000);
    await executor.evaluate((each) => each.close());
    await expect.poll(usedBytes, { timeout: 60_000 }).toBeLessThan(heldBytes - 300_000_000);
    await page.close();
  });

  it("says which option a strict policy needs", async () => {
    const page = await browser.newPage();
    await page.goto(`${server.url}strict/esbuild/`);
    await page.waitForFunction(() => document.title !== "");
    expect(await page.title()).toMatch(/executor-start.*option `worker`/);
    await page.close();
  });

  // Last, since the others would have to make another.
  it("starts from a snapshot that another page has made, and without one that is damaged", async () => {
    const page = await open("globals.html");
    const random = () =>
      page.evaluate(async () => {
        const executor = new codeact.PyodideExecutor({
          indexUrl: "/pyodide/",
          startTimeoutMs: 200_000,
        });
        const python = await executor.start();
        const { outputs } = await python.execute("import random\nprint(random.random())");
        await executor.close();
        return outputs.map((output) => (output.type === "text" ? output.text : "")).join("");
      });
    expect(await random()).not.toBe(await random());
    const [bytes = 0, ...others] = await keptBytes(page);
    expect(others).toEqual([]);
    expect(bytes).toBeGreaterThan(10_000_000);
    await page.evaluate(async () => {
      const cache = await caches.open("codeact-pyodide");
      for (const key of await cache.keys()) await cache.put(key, new Response("damaged"));
    });
    await page.reload();
    await page.waitForFunction(() => "codeact" in globalThis);
    expect(await random()).toMatch(/^0\./);
    expect(await keptBytes(page)).toEqual([]);
  });
});
