import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CodeActError } from "@codeact/core";
import { afterAll, describe, expect, it, vi } from "vitest";
import { makeWheel } from "../../../test/make-wheel.js";
import { PyodideExecutor } from "../index.js";
import type { PyodideExecutorOptions } from "../pyodide-options.js";
import { testCache } from "../test-cache.js";
import { loadPyodidePackage } from "../node/python-files.js";

// A start may make the snapshot first.
vi.setConfig({ testTimeout: 180_000 });

const directory = realpathSync(mkdtempSync(join(tmpdir(), "packages-test-")));
const { assets } = await loadPyodidePackage();

/** A distribution: `top` needs `needed`; the hash of `forged` is that of another file. */
function writeDistribution(): void {
  const packages: Record<string, object> = {};
  for (const [name, depends] of [
    ["top", ["Needed"]],
    ["needed", []],
    ["forged", []],
  ] as const) {
    const text = name === "top" ? "import needed\nvalue = needed.value + 1\n" : "value = 41\n";
    const { fileName, content } = makeWheel(name, "1.0", { [`${name}.py`]: text });
    writeFileSync(join(directory, fileName), content);
    const hashed = name === "forged" ? Buffer.from("another") : content;
    packages[name] = {
      name,
      version: "1.0",
      file_name: fileName,
      depends,
      imports: [name],
      sha256: createHash("sha256").update(hashed).digest("hex"),
      install_dir: "site",
      package_type: "package",
      unvendored_tests: false,
    };
  }
  writeFileSync(
    join(directory, "pyodide-lock.json"),
    JSON.stringify({ info: assets.lockInfo, packages }),
  );
}

writeDistribution();
writeFileSync(join(directory, "corrupt-1.0-py3-none-any.whl"), "no archive");
const requests: string[] = [];
const server = createServer(({ url = "" }, response) => {
  requests.push(url);
  if (url.startsWith("/stalled-")) return;
  try {
    response.end(readFileSync(join(directory, url)));
  } catch {
    response.writeHead(404).end();
  }
}).listen(0, "127.0.0.1");
await once(server, "listening");
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(directory, { recursive: true });
});

async function run(options: PyodideExecutorOptions, code: string): Promise<unknown> {
  const executor = new PyodideExecutor({ cacheDirectory: testCache, ...options });
  try {
    const python = await executor.start();
    const { status, error } = await python.execute(code);
    return error?.traceback ?? status;
  } finally {
    await executor.close();
  }
}

describe("packages of Pyodide", () => {
  it("come from a directory with what they need, into a process that cannot read it", async () => {
    const options = { packages: ["top"], packageBaseUrl: directory };
    const code = "import top\nassert top.value == 42";
    expect(await run(options, code)).toBe("ok");
  });

  it("come from a server, once for all interpreters", async () => {
    const executor = new PyodideExecutor({
      packages: ["Top"],
      packageBaseUrl: url,
      isolation: "worker",
      cacheDirectory: testCache,
    });
    for (const python of await Promise.all([executor.start(), executor.start()])) {
      expect((await python.execute("import top, needed")).status).toBe("ok");
    }
    await executor.close();
    expect(requests.sort()).toEqual([
      "/needed-1.0-py3-none-any.whl",
      "/pyodide-lock.json",
      "/top-1.0-py3-none-any.whl",
    ]);
  });

  it("are waited for no longer than a start may take, nor after the end of the executor", async () => {
    const packages = [`${url}/stalled-1.0-py3-none-any.whl`];
    const options = { packages, cacheDirectory: testCache };
    const startError = (executor: PyodideExecutor) =>
      executor.start().then(
        () => "it started",
        (error: CodeActError) => `${error.code}: ${error.message}`,
      );
    const requested = once(server, "request") as Promise<[IncomingMessage]>;
    const closed = new PyodideExecutor(options);
    const failed = startError(closed);
    const [{ socket }] = await requested;
    const left = once(socket, "close");
    await closed.close();
    expect(await failed).toMatch(/^executor-closed: /);
    await left;
    const late = new PyodideExecutor({ ...options, startTimeoutMs: 500 });
    expect(await startError(late)).toMatch(/^executor-start: .*500 ms.*startTimeoutMs/);
    await late.close();
  });

  it("can be wheels by themselves", async () => {
    const packages = [join(directory, "needed-1.0-py3-none-any.whl")];
    const code = "import needed\nassert needed.value == 41";
    expect(await run({ packages, isolation: "worker" }, code)).toBe("ok");
  });

  it.each<[string, PyodideExecutorOptions, RegExp]>([
    ["are unknown", { packages: ["unknown"], packageBaseUrl: directory }, /no package "unknown"/],
    ["are not the ones", { packages: ["forged"], packageBaseUrl: directory }, /hash differs/],
    ["cannot be reached", { packages: ["top"], packageBaseUrl: "/nowhere" }, /packageBaseUrl/],
    ["are not served", { packages: [`${url}/none-1.0-py3-none-any.whl`] }, /answered 404/],
    [
      "are corrupt",
      { packages: [`${url}/corrupt-1.0-py3-none-any.whl`] },
      /corrupt.*not a zip file/,
    ],
    ["are for another system", { packages: ["/x-1.0-cp314-cp314-win_amd64.whl"] }, /win_amd64/],
  ])("that %s are a clear error", async (_, options, message) => {
    const warn = vi.spyOn(process, "emitWarning");
    const executor = new PyodideExecutor({ cacheDirectory: testCache, ...options });
    await expect(executor.start()).rejects.toMatchObject({
      code: "executor-start",
      message: expect.stringMatching(message) as string,
    });
    await executor.close();
    // It is not the snapshot that was in the way.
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });
});
