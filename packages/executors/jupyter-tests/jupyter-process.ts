import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What kind of server is started, and from which virtual environment. */
export interface JupyterProcessOptions {
  /** The folder of the environment's programs. */
  programs: string;
  kind: "server" | "kernel-gateway" | "enterprise-gateway";
  /** A folder that comes first where kernels look for modules. */
  pythonPath?: string;
  /** More options of the command line. */
  options?: readonly string[];
  /** @defaultValue one that the system chooses */
  port?: number;
}

/** A real server on the loopback interface, with a token. */
export class JupyterProcess {
  readonly token: string;
  readonly port: number;
  readonly #options: JupyterProcessOptions;
  readonly #folder: string;
  #process: ChildProcess;
  #log = "";

  private constructor(options: JupyterProcessOptions, port: number, folder: string) {
    this.#options = options;
    this.port = port;
    this.#folder = folder;
    this.token = randomBytes(16).toString("hex");
    this.#process = this.#spawn();
  }

  static async start(options: JupyterProcessOptions): Promise<JupyterProcess> {
    const folder = await mkdtemp(join(tmpdir(), "codeact-jupyter-"));
    const server = new JupyterProcess(options, options.port ?? (await freePort()), folder);
    try {
      await server.#ready();
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  /** What the server wrote. */
  get log(): string {
    return this.#log;
  }

  /** The ids of the kernels that the server has. */
  async kernels(): Promise<string[]> {
    const response = await this.fetch("api/kernels");
    return ((await response.json()) as { id: string }[]).map(({ id }) => id);
  }

  fetch(path: string, options: RequestInit = {}): Promise<Response> {
    const headers = { Authorization: `token ${this.token}` };
    return fetch(new URL(path, this.baseUrl), { ...options, headers });
  }

  /** Kills the server and starts it again at the same port: its kernels are forgotten. */
  async restart(): Promise<void> {
    await this.#end("SIGKILL");
    this.#process = this.#spawn();
    await this.#ready();
  }

  async stop(): Promise<void> {
    await this.#end("SIGTERM");
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  #spawn(): ChildProcess {
    const { programs, kind, pythonPath, options = [] } = this.#options;
    const { command, flags } = commandLine(kind, this.port, this.token);
    const child = spawn(
      join(programs, "python"),
      ["-m", ...command, ...flags, ...quickRestarts, ...options],
      {
        cwd: this.#folder,
        stdio: ["ignore", "pipe", "pipe"],
        // A group, so that kernels of a killed server can be found.
        detached: true,
        env: {
          PATH: `${programs}:${process.env["PATH"]}`,
          HOME: this.#folder,
          JUPYTER_RUNTIME_DIR: join(this.#folder, "runtime"),
          JUPYTER_CONFIG_DIR: join(this.#folder, "config"),
          IPYTHONDIR: join(this.#folder, "ipython"),
          LANG: "C.UTF-8",
          ...(pythonPath === undefined ? {} : { PYTHONPATH: pythonPath }),
        },
      },
    );
    const keep = (chunk: Buffer) => {
      this.#log = (this.#log + chunk.toString()).slice(-200_000);
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    return child;
  }

  async #ready(): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (Date.now() < deadline) {
      if (this.#process.exitCode !== null) break;
      try {
        if ((await this.fetch("api/kernels")).ok) return;
      } catch {
        // Not yet.
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`The ${this.#options.kind} did not start:\n${this.#log}`);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await ended;
    clearTimeout(timer);
  }
}

/** Servers look every 3 s whether their kernels are alive; tests need not wait so long. */
const quickRestarts = ["--KernelRestarter.time_to_dead=0.5"];

function commandLine(kind: JupyterProcessOptions["kind"], port: number, token: string) {
  switch (kind) {
    case "server":
      return {
        command: ["jupyter_server"],
        flags: [
          "--allow-root",
          "--no-browser",
          "--ServerApp.ip=127.0.0.1",
          `--ServerApp.port=${port}`,
          "--ServerApp.port_retries=0",
          `--IdentityProvider.token=${token}`,
        ],
      };
    case "kernel-gateway":
      return {
        command: ["kernel_gateway"],
        flags: [
          "--KernelGatewayApp.ip=127.0.0.1",
          `--KernelGatewayApp.port=${port}`,
          "--KernelGatewayApp.port_retries=0",
          `--KernelGatewayApp.auth_token=${token}`,
          "--JupyterWebsocketPersonality.list_kernels=True",
        ],
      };
    case "enterprise-gateway":
      return {
        command: ["enterprise_gateway"],
        flags: [
          "--EnterpriseGatewayApp.ip=127.0.0.1",
          `--EnterpriseGatewayApp.port=${port}`,
          "--EnterpriseGatewayApp.port_retries=0",
          `--EnterpriseGatewayApp.auth_token=${token}`,
          "--EnterpriseGatewayApp.list_kernels=True",
          // It refuses root, who runs the tests in a container.
          "--EnterpriseGatewayApp.unauthorized_users=['nobody']",
        ],
      };
  }
}

/** A port of the loopback interface that nobody uses now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
