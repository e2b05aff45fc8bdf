import { CodeActError } from "@codeact/core";
import type { JupyterSettings } from "./jupyter-options.js";
import {
  failureOf,
  isPassing,
  isRefused,
  mayBeDone,
  reasonOf,
  type ServerAnswer,
} from "./server-answer.js";
import type { StartLimit } from "./start-limit.js";

/** How long one request may take. Shutting a kernel down that does not listen takes some seconds. */
const requestTimeoutMs = 30_000;
/** How much longer than a start its caller waits, so that a kernel that comes late is taken back. */
const takeBackMs = 3000;
/** How much longer than a start its request stays open, for the same; Node gives up after that. */
const lateAnswerMs = 300_000;
const retryPauseMs = 300;
const maxQuotedCharacters = 300;
const maxDeletions = 5;
/** It looks for the kernel that we propose, and passes no message with buffers. */
const noKernel =
  "its answer names no kernel; if it is a Jupyter Server in front of a gateway, give the address " +
  "of the gateway itself as the option `baseUrl`";
/** Whether the server has a kernel, where that can be known. */
export type KernelPresence =
  | { state: "there" | "gone" }
  | { state: "unknown"; reason: string; mayPass: boolean };

/** The REST interface of a Jupyter server or gateway. Its errors never hold the token. */
export class JupyterServer {
  readonly settings: JupyterSettings;
  /** Kernels of ours that could not be shut down. */
  readonly #left = new Set<string>();

  constructor(settings: JupyterSettings) {
    this.settings = settings;
  }

  /** The address, as errors may show it. */
  get address(): string {
    return this.settings.baseUrl.href;
  }

  /** Sent with every request. */
  get headers(): Record<string, string> {
    const { token, headers } = this.settings;
    return token === undefined ? headers : { Authorization: `token ${token}`, ...headers };
  }

  /** The websocket of a kernel. The same session gets what it missed while it was away. */
  channelsUrl(kernelId: string, session: string): URL {
    const url = this.#url(`api/kernels/${encodeURIComponent(kernelId)}/channels`);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    url.searchParams.set("session_id", session);
    return url;
  }

  /**
   * Starts a kernel; returns its id. One that comes when the limit is over is shut down again,
   * however late that is, and so is what a lost answer may have started.
   * @throws CodeActError with code `executor-start`, or the reason of the limit.
   */
  async startKernel(limit: StartLimit): Promise<string> {
    limit.await("it has not answered the request for one");
    for (;;) {
      const asking = this.#askForKernel(limit.signal);
      const { answer, kernel } = await unlessLate(asking, limit.signal, takeBackMs);
      if (kernel !== undefined) return kernel;
      limit.signal.throwIfAborted();
      const reason = "status" in answer && answer.status < 300 ? noKernel : this.#reason(answer);
      if (!isPassing(answer)) throw this.startError(reason);
      limit.note(reason);
      await pause(retryPauseMs);
    }
  }

  /** Asks whether the server still has a kernel. */
  async presenceOf(id: string, timeoutMs = requestTimeoutMs): Promise<KernelPresence> {
    const answer = await this.#request("GET", kernelPath(id), { timeoutMs });
    if ("status" in answer && answer.status === 404) return { state: "gone" };
    if ("status" in answer && readId(answer.body) !== undefined) return { state: "there" };
    return { state: "unknown", reason: this.#reason(answer), mayPass: isPassing(answer) };
  }

  /**
   * Shuts a kernel down. One that is gone already is no error.
   * @throws CodeActError with code `executor-fault`.
   */
  async deleteKernel(id: string): Promise<void> {
    this.#left.add(id);
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#request("DELETE", kernelPath(id));
      const isDone = "status" in answer && (answer.status < 300 || answer.status === 404);
      // A server that is about to restart the kernel may have it again.
      if (isDone && (await this.presenceOf(id)).state !== "there") {
        this.#left.delete(id);
        return;
      }
      if (attempt >= maxDeletions || isRefused(answer)) {
        throw new CodeActError(
          "executor-fault",
          `Cannot shut down the kernel ${id} of ${this.address}: ${this.#reason(answer)}.`,
        );
      }
      await pause(attempt * retryPauseMs);
    }
  }

  /** Tries once more to shut down what could not be; what still cannot be ends by its lease. */
  async deleteLeftKernels(): Promise<void> {
    const deletions = [...this.#left].map(async (id) => {
      const timeoutMs = takeBackMs;
      const answer = await this.#request("DELETE", kernelPath(id), { timeoutMs });
      if ("status" in answer && (answer.status < 300 || answer.status === 404)) {
        this.#left.delete(id);
      }
    });
    await Promise.all(deletions);
  }

  /** Interrupts a kernel; a server that cannot is no error, for there are other means. */
  async interrupt(id: string): Promise<void> {
    await this.#request("POST", `${kernelPath(id)}/interrupt`);
  }

  /** @throws CodeActError with code `executor-start`. */
  async restart(id: string): Promise<void> {
    const answer = await this.#request("POST", `${kernelPath(id)}/restart`);
    if ("failure" in answer || answer.status >= 300) throw this.startError(this.#reason(answer));
  }

  /** A request to the Contents API. */
  contents(
    method: string,
    path: string,
    options: { query?: string; body?: unknown } = {},
  ): Promise<ServerAnswer> {
    const escaped = path.split("/").map(encodeURIComponent).join("/");
    const { query = "", body } = options;
    return this.#request(method, `api/contents/${escaped}${query}`, { body });
  }

  /** An error that says why there is no kernel. */
  startError(reason: string): CodeActError {
    const message = `Cannot get ${this.#wanted} from ${this.address}: ${reason}.`;
    return new CodeActError("executor-start", message);
  }

  /** Takes what nobody may read out of a text, and shortens it. */
  redact(text: string): string {
    const { token, headers } = this.settings;
    let redacted = text;
    for (const secret of [token, ...Object.values(headers)]) {
      if (!secret) continue;
      redacted = redacted.replaceAll(secret, "…").replaceAll(encodeURIComponent(secret), "…");
    }
    return redacted.slice(0, maxQuotedCharacters);
  }

  /** Asks for a kernel, and shuts it down if nobody wants it any more when it comes. */
  async #askForKernel(unwanted: AbortSignal): Promise<{ answer: ServerAnswer; kernel?: string }> {
    const { kernelName, env, startTimeoutMs } = this.settings;
    // Servers that take an id can be asked to shut down what they gave no answer for.
    const id = crypto.randomUUID();
    const body = {
      ...(kernelName === undefined ? {} : { name: kernelName }),
      ...(Object.keys(env).length === 0 ? {} : { env }),
      kernel_id: id,
    };
    const timeoutMs = startTimeoutMs + lateAnswerMs;
    const answer = await this.#request("POST", "api/kernels", { body, timeoutMs });
    const kernel = "status" in answer && answer.status < 300 ? readId(answer.body) : undefined;
    if (kernel !== undefined) {
      if (!unwanted.aborted) return { answer, kernel };
      // What fails here is tried again when something closes.
      await this.deleteKernel(kernel).catch(() => undefined);
    } else if (mayBeDone(answer)) {
      // The server may be about to start it, and not know it yet.
      this.#left.add(id);
      const deleted = await this.#request("DELETE", kernelPath(id), { timeoutMs: takeBackMs });
      if ("status" in deleted && deleted.status < 300) this.#left.delete(id);
    }
    return { answer };
  }

  async #request(
    method: string,
    path: string,
    options: { body?: unknown; timeoutMs?: number } = {},
  ): Promise<ServerAnswer> {
    const { body, timeoutMs = requestTimeoutMs } = options;
    try {
      const response = await fetch(this.#url(path), {
        method,
        headers: { ...this.headers, "Content-Type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // A login page is no answer, and the token is not for other hosts.
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await response.text();
      return { status: response.status, body: parseJson(text), text };
    } catch (error) {
      return { failure: failureOf(error, timeoutMs) };
    }
  }

  #reason(answer: ServerAnswer): string {
    return reasonOf(answer, (text) => this.redact(text));
  }

  #url(path: string): URL {
    return new URL(path, this.settings.baseUrl);
  }

  get #wanted(): string {
    const { kernelName, kernelId } = this.settings;
    if (kernelId !== undefined) return `the kernel ${kernelId}`;
    return kernelName === undefined ? "a kernel" : `a kernel ${JSON.stringify(kernelName)}`;
  }
}

function kernelPath(id: string): string {
  return `api/kernels/${encodeURIComponent(id)}`;
}

/** What a promise gives, unless a signal aborted a while before it; then throws its reason. */
async function unlessLate<T>(promise: Promise<T>, signal: AbortSignal, lateMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let begin = () => undefined as void;
  const late = new Promise<never>((_, reject) => {
    begin = () => {
      timer = setTimeout(() => reject(signal.reason as Error), lateMs);
    };
  });
  signal.addEventListener("abort", begin, { once: true });
  if (signal.aborted) begin();
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", begin);
  }
}

function readId(body: unknown): string | undefined {
  const id = (body as { id?: unknown } | null | undefined)?.id;
  return typeof id === "string" ? id : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Waits. */
export function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
