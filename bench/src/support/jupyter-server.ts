import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A Jupyter server on the loopback interface. */
export class JupyterServer {
  readonly baseUrl: string;
  readonly token = crypto.randomUUID();
  readonly #folder = mkdtempSync(join(tmpdir(), "codeact-bench-"));
  readonly #process: ChildProcess;

  /** `programs` is the folder of a virtual environment's programs, `options` are the server's. */
  private constructor(programs: string, port: number, options: readonly string[]) {
    this.baseUrl = `http://127.0.0.1:${port}/`;
    const own = [`--ServerApp.port=${port}`, `--IdentityProvider.token=${this.token}`];
    const command = ["-m", "jupyter_server", "--allow-root", "--no-browser", ...own, ...options];
    this.#process = spawn(join(programs, "python"), command, {
      cwd: this.#folder,
      stdio: "ignore",
      env: { PATH: `${programs}:${process.env["PATH"]}`, HOME: this.#folder, LANG: "C.UTF-8" },
    });
  }

  static async start(programs: string, options: readonly string[] = []): Promise<JupyterServer> {
    const server = new JupyterServer(programs, await freePort(), options);
    for (let attempt = 0; attempt < 300; attempt++) {
      const answer = await server.fetch("api/kernels").catch(() => undefined);
      if (answer?.ok) return server;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await server.stop();
    throw new Error("The server did not start.");
  }

  fetch(path: string, options: RequestInit = {}): Promise<Response> {
    const headers = { Authorization: `token ${this.token}` };
    return fetch(new URL(path, this.baseUrl), { ...options, headers });
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill();
    await ended;
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
