import { execFile, execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { CodeActError } from "@codeact/core";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { ReverseProxy, type ReverseProxyOptions } from "./reverse-proxy.js";
import { echo, serverTarget, ServerUnderTest } from "./server-under-test.js";

const prefix = "/team/jupyter";
const headers = { "x-team": "secret-of-the-team" };
const root = fileURLToPath(new URL("../../../", import.meta.url));

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
if (!hasOpenssl) console.error("*** NOT TESTED: JupyterExecutor with TLS: there is no openssl");

/** A certificate that signs itself, for localhost. */
function makeCertificate(folder: string): {
  certificate: { cert: Buffer; key: Buffer };
  path: string;
} {
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const files = ["-keyout", key, "-out", cert];
  const kind = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"];
  execFileSync("openssl", ["req", ...kind, ...names, ...files], { stdio: "pipe" });
  return { certificate: { cert: readFileSync(cert), key: readFileSync(key) }, path: cert };
}

describe.skipIf(serverTarget === undefined)("JupyterExecutor, behind a reverse proxy", () => {
  const server = new ServerUnderTest();
  const folder = mkdtempSync(join(tmpdir(), "codeact-certificate-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let proxies: ReverseProxy[] = [];
  afterEach(async () => {
    for (const proxy of proxies) await proxy.close();
    proxies = [];
  });

  async function proxied(options: Partial<ReverseProxyOptions>): Promise<string> {
    const proxy = await ReverseProxy.start({ target: server.process.port, prefix, ...options });
    proxies.push(proxy);
    return proxy.baseUrl;
  }

  it("with a base path and headers of its own, works", async () => {
    const baseUrl = await proxied({ requiredHeaders: headers });
    const executor = server.executor({ baseUrl, headers });
    const python = await executor.start({ tools: [echo] });
    const result = await python.execute("echo.map([1, 2])", {
      onToolCall: ({ input }) => Promise.resolve({ ok: true, value: input }),
    });
    expect(result.outputs).toMatchObject([{ data: { "text/plain": "[1, 2]" } }]);
    await python.files.write("a.txt", "text");
    expect(new TextDecoder().decode(await python.files.read("a.txt"))).toBe("text");
    await executor.close();
  }, 60_000);

  it("has the variables that it was given in its kernels", async () => {
    const python = await server.executor({ env: { CODEACT_SURROUNDINGS: "given" } }).start();
    const result = await python.execute("import os\nos.environ['CODEACT_SURROUNDINGS']");
    expect(result.outputs).toMatchObject([{ data: { "text/plain": "'given'" } }]);
  }, 60_000);

  it.each([
    ["other headers than it was given", { "x-team": "another-secret" }, "status 403"],
    ["another base path", undefined, "status 403"],
  ])(
    "that wants %s, says so and tells none",
    async (_, given, expected) => {
      const baseUrl = await proxied({ requiredHeaders: given === undefined ? {} : headers });
      const address = given === undefined ? new URL("/other/", baseUrl).href : baseUrl;
      const executor = server.executor({ baseUrl: address, headers: given ?? {} });
      const error: unknown = await executor.start().catch((thrown: unknown) => thrown);
      expect(CodeActError.isInstance(error) && error.code).toBe("executor-start");
      expect(String(error)).toContain(expected);
      expect(String(error)).not.toContain("secret");
    },
    60_000,
  );

  it.skipIf(!hasOpenssl)(
    "with a certificate of one's own, needs to be told of it",
    async () => {
      const { certificate, path } = makeCertificate(folder);
      const baseUrl = await proxied({ certificate });
      const executor = server.executor({ baseUrl });
      const error: unknown = await executor.start().catch((thrown: unknown) => thrown);
      expect(CodeActError.isInstance(error) && error.code).toBe("executor-start");
      expect(String(error)).toMatch(/CERT.*NODE_EXTRA_CA_CERTS/);
      await executor.close();

      const script = fileURLToPath(new URL("one-cell.ts", import.meta.url));
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [join(root, "scripts", "run-typescript.mjs"), script],
        {
          cwd: root,
          env: {
            ...process.env,
            JUPYTER_URL: baseUrl,
            JUPYTER_TOKEN: server.process.token,
            NODE_EXTRA_CA_CERTS: path,
          },
        },
      );
      expect(stdout).toContain('ok [{"type":"text","stream":"stdout","text":"42\\n"}]');
    },
    120_000,
  );
});
