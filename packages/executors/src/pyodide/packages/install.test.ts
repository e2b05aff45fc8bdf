import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Interpreter } from "@codeact/core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { makeWheel } from "../../../test/make-wheel.js";
import { textOf } from "../../../test/results.js";
import { PyodideExecutor } from "../index.js";
import { loadPyodidePackage } from "../node/python-files.js";
import { testCache } from "../test-cache.js";

// A start may make the snapshot first.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const directory = realpathSync(mkdtempSync(join(tmpdir(), "install-test-")));
const wheels = [
  makeWheel("top", "1.0", { "top.py": "value = 1\n" }, ["needed>=2", "absent; os_name == 'nt'"]),
  makeWheel("needed", "1.0", { "needed.py": "value = 1\n" }),
  makeWheel("needed", "2.0", { "needed.py": "value = 2\n" }),
  makeWheel("forged", "1.0", { "forged.py": "" }),
  makeWheel("private", "1.0", { "private.py": "value = 'ours'\n" }),
];
const { lock } = await loadPyodidePackage();
const requests: string[] = [];
const server = createServer(({ url = "", headers }, response) => {
  requests.push(url);
  const [, , name = ""] = url.split("/");
  const found = wheels.find(({ fileName }) => fileName === name);
  const ofProject = wheels.filter(({ fileName }) => fileName.startsWith(`${name}-`));
  if (url.startsWith("/files/") && found !== undefined) response.end(found.content);
  else if (url.startsWith("/simple/") && ofProject.length > 0) {
    expect(headers.accept).toContain("application/vnd.pypi.simple.v1+json");
    const files = ofProject.map(({ fileName, content }) => ({
      filename: fileName,
      url: `/files/${fileName}`,
      hashes: {
        sha256: createHash("sha256")
          .update(name === "forged" ? "x" : content)
          .digest("hex"),
      },
    }));
    response.setHeader("content-type", "application/vnd.pypi.simple.v1+json");
    response.end(JSON.stringify({ files }));
  } else response.writeHead(404).end();
}).listen(0, "127.0.0.1");
await once(server, "listening");
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple`;

for (const { fileName, content } of wheels.slice(0, 3)) {
  writeFileSync(join(directory, fileName), content);
}
// Pyodide's own packages: none.
writeFileSync(
  join(directory, "pyodide-lock.json"),
  JSON.stringify({ info: lock.info, packages: {} }),
);
const executors: PyodideExecutor[] = [];

function start(installFrom?: string | string[], isolation: "process" | "worker" = "worker") {
  const executor = new PyodideExecutor({
    isolation,
    cacheDirectory: testCache,
    packageBaseUrl: directory,
    ...(installFrom !== undefined && { installFrom }),
  });
  executors.push(executor);
  return executor.start();
}

afterAll(async () => {
  await Promise.all(executors.map((executor) => executor.close()));
  server.close();
  rmSync(directory, { recursive: true });
});

async function run(python: Interpreter, code: string): Promise<string> {
  const result = await python.execute(code);
  const { error } = result;
  return textOf(result) + (error === undefined ? "" : `${error.type}: ${error.message}`);
}

describe("code that installs packages", () => {
  let python: Interpreter;
  beforeAll(async () => {
    python = await start(url);
  });

  it("gets them from an index with what they need, and at once", async () => {
    const code = "%pip install -q top\nimport top, needed\nprint(top.value, needed.value)";
    expect(await run(python, code)).toMatch(/Successfully installed .*top-1\.0.*\n1 2\n/);
    expect(await run(python, "!pip install top")).toContain("already satisfied");
    expect(await run(python, "%pip list")).toContain("needed 2.0\ntop 1.0\n");
  });

  it("replaces a version by another", async () => {
    const code =
      "import micropip\nawait micropip.install('needed==1.0')\n" +
      "import importlib.metadata as m\nprint(m.version('needed'))";
    expect(await run(python, code)).toBe("1.0\n");
  });

  it("installs wheels and lists of its own workspace", async () => {
    const { fileName, content } = makeWheel("local", "1.0", { "local.py": "" }, ["private"]);
    await python.files.write(fileName, content);
    await python.files.write("requirements.txt", `# ours\n./${fileName}  # local\n\n`);
    const code = "%pip install -r requirements.txt\nimport local, private\nprint(private.value)";
    expect(await run(python, code)).toMatch(/local-1\.0 private-1\.0\nours\n/);
  });

  it.each([
    ["%pip install unknown", /unknown.*there is no package unknown at http.*exit status 1/s],
    ["%pip install forged", /its hash is not the one that the index states/],
    ["%pip install 'needed>9'", /no version of needed that works here is >9; there are 1.0, 2.0/],
    ["%pip install ../../etc", /cannot be read|is no requirement/],
    ["%pip install --index-url http://x needed", /option --index-url does not work/],
    ["%pip install ./none.whl", /no wheel in the workspace/],
    ["%pip uninstall top", /only `pip install` and `pip list` work/],
    ["await __import__('micropip').install('unknown')", /ValueError: there is no package/],
    ["__import__('micropip').freeze()", /micropip.freeze is not available/],
  ])("is told why %s fails", async (code, message) => {
    expect(await run(python, code)).toMatch(message);
  });

  it("asks the places that the host has named, and no others, whatever it sends", async () => {
    requests.length = 0;
    const forged = [
      ["http://127.0.0.1:9/x.whl"],
      ["needed @ http://127.0.0.1:9/x.whl"],
      ["../../secret"],
      [5],
      "needed",
    ];
    const code = forged.map(
      (each) => `ask({"requirements": ${JSON.stringify(each)}, "installed": {}})`,
    );
    const told = await run(
      python,
      "from codeact_pyodide.host_calls import call_host\ndef ask(value):\n" +
        "    try: call_host('codeact:install', value)\n    except ValueError as error: print(error)\n" +
        `ask(None)\n${code.join("\n")}`,
    );
    expect(told.trim().split("\n")).toHaveLength(forged.length + 1);
    expect(requests).toEqual([]);
  });

  it("takes the first of several places, into a process that has no network", async () => {
    const other = await start([directory, url], "process");
    requests.length = 0;
    const code = "%pip install needed private\nimport needed, private\nprint(private.value)";
    expect(await run(other, code)).toMatch(/Successfully installed .*\nours\n/);
    expect(requests.filter((each) => each.includes("needed"))).toEqual([]);
  });

  it("is refused where the host has allowed nothing", async () => {
    const other = await start();
    expect(await run(other, "%pip install needed")).toMatch(/not allowed.*`installFrom`/);
    expect(requests.filter((each) => each.includes("needed"))).toEqual([]);
  });
});
