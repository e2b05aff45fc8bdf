import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Interpreter } from "@codeact/core";
import { testCache } from "../src/pyodide/test-cache.js";
import { makeWheel } from "./make-wheel.js";
import { textOf } from "./start-python.js";

const directory = fileURLToPath(new URL("../python-tests/webassembly", import.meta.url));
const secretVariable = "CODEACT_TEST_SECRET";

/** A row of `webassembly/attempts.py`, which says what its members mean. */
export interface WebAssemblyAttempt {
  group: string;
  name: string;
  code: string;
  without_control: string;
}

/** What became of an attempt; `broken` is a mistake in it. */
export interface WebAssemblyOutcome {
  escaped: boolean;
  detail: string;
  broken?: string;
}

/** Makes an attempt in some place, and gives its answer. */
type Place = (world: string) => Promise<string>;

/** What a host has that code could want, and the same attempts in plain Pyodide. */
export class WebAssemblyWorld {
  readonly attempts: WebAssemblyAttempt[];
  readonly #directory: string;
  readonly #names: Record<string, string | number>;
  readonly #plain: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #victim: ChildProcess;
  readonly #server: Server;
  #markers = 0;
  #connections = 0;

  private constructor(
    own: string,
    server: Server,
    plain: ChildProcess,
    answers: AsyncIterator<string>,
    attempts: WebAssemblyAttempt[],
    secret: string,
  ) {
    this.#directory = own;
    this.#server = server;
    this.#plain = plain;
    this.#answers = answers;
    this.attempts = attempts;
    this.#victim = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1000)"]);
    const { fileName, content } = makeWheel("codeact_found", "1.0", {
      "codeact_found.py": "value = 42\n",
    });
    writeFileSync(join(own, "secret"), secret);
    writeFileSync(join(own, fileName), content);
    this.#names = {
      SECRET: secret,
      secret: join(own, "secret"),
      directory: own,
      wheel: join(own, fileName),
      port: (server.address() as AddressInfo).port,
      victim: this.#victim.pid ?? 0,
      host: process.pid,
      cache: testCache,
      pyodide: dirname(createRequire(import.meta.url).resolve("pyodide/package.json")),
    };
    server.on("connection", (socket) => {
      this.#connections += 1;
      socket.on("error", () => {});
      socket.end("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nin");
    });
  }

  static async open(): Promise<WebAssemblyWorld> {
    const own = realpathSync(mkdtempSync(join(tmpdir(), "webassembly-test-")));
    const secret = `hostsecret-${Math.random().toString(36).slice(2)}`;
    // The interpreters that are tested have to hide it, too.
    process.env[secretVariable] = secret;
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const plain = spawn(process.execPath, [join(directory, "plain-pyodide.mjs")], {
      cwd: own,
      stdio: ["pipe", "pipe", "inherit"],
    });
    if (plain.stdout === null) throw new Error("there is no output");
    const answers = createInterface({ input: plain.stdout })[Symbol.asyncIterator]();
    const attempts = JSON.parse((await answers.next()).value as string) as WebAssemblyAttempt[];
    return new WebAssemblyWorld(own, server, plain, answers, attempts, secret);
  }

  /** Makes an attempt in plain Pyodide. */
  inPlainPyodide(index: number): Promise<WebAssemblyOutcome> {
    return this.#make(async (world) => {
      this.#plain.stdin?.write(`${JSON.stringify({ index, world })}\n`);
      const { value, done } = await this.#answers.next();
      if (done === true) throw new Error("plain Pyodide ended");
      return value;
    });
  }

  /** Makes an attempt in an interpreter that has the attempts. */
  inside(python: Interpreter, index: number): Promise<WebAssemblyOutcome> {
    return this.#make((world) => answerOf(python, `attempt(${index}, r'''${world}''')`));
  }

  /** Makes one there that gets what it wants: something of its own. */
  controlInside(python: Interpreter): Promise<WebAssemblyOutcome> {
    return this.#make((world) => answerOf(python, `control(r'''${world}''')`));
  }

  /** Gives an interpreter the attempts. */
  async prepare(python: Interpreter): Promise<void> {
    for (const name of readdirSync(directory).filter((each) => each.endsWith(".py"))) {
      await python.files.write(name, readFileSync(join(directory, name)));
    }
  }

  async close(): Promise<void> {
    delete process.env[secretVariable];
    this.#server.close();
    for (const child of [this.#plain, this.#victim]) {
      const closed = once(child, "close");
      child.kill("SIGKILL");
      await closed;
    }
    rmSync(this.#directory, { recursive: true });
  }

  async #make(place: Place): Promise<WebAssemblyOutcome> {
    const marker = join(this.#directory, `marker-${(this.#markers += 1)}`);
    const connections = this.#connections;
    const answer = await place(JSON.stringify({ ...this.#names, marker }));
    const outcome = JSON.parse(answer) as WebAssemblyOutcome;
    if (existsSync(marker) || this.#connections > connections) outcome.escaped = true;
    rmSync(marker, { force: true });
    return outcome;
  }
}

/** What a call answers in an interpreter that has the attempts; none only where it ends that. */
async function answerOf(python: Interpreter, call: string): Promise<string> {
  const code = `import attempts\nprint('\\n' + await attempts.${call})`;
  const result = await python.execute(code, { timeoutMs: 30_000 });
  const line = textOf(result).trim().split("\n").at(-1) ?? "";
  if (line.startsWith("{")) return line;
  const detail = JSON.stringify(result).slice(0, 2000);
  const broken = result.state === "kept" ? `it did not answer: ${detail}` : undefined;
  return JSON.stringify({ escaped: false, detail, broken });
}
