import { CodeActError } from "@codeact/core";
import type { JupyterSettings } from "./jupyter-options.js";

/** What a request came to: the server's answer, or none. */
type Answer = { status: number; body: unknown; text: string } | { failure: string };

/** How long one request may take. Shutting a kernel down that does not listen takes some seconds. */
const requestTimeoutMs = 30_000;
const retryPauseMs = 300;
const maxQuotedCharacters = 300;
const maxDeletions = 5;
/** A proxy speaks, and not the server: it may be there again soon. */
const passingStatuses: ReadonlySet<number> = new Set([502, 503, 504]);

/** What is known of a kernel of the server. */
export interface KernelFacts {
  id: string;
  name: string;
}

/** The REST interface of a Jupyter server or gateway. Its errors never hold the token. */
export class JupyterServer {
  readonly settings: JupyterSettings;

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
   * Starts a kernel. What a lost answer may have started is shut down again.
   * @throws CodeActError with code `executor-start`.
   */
  async startKernel(signal: AbortSignal): Promise<KernelFacts> {
    const { kernelName, env } = this.settings;
    for (;;) {
      // Servers that take an id tell later whether there is such a kernel; others give their own.
      const id = crypto.randomUUID();
      const body = {
        ...(kernelName === undefined ? {} : { name: kernelName }),
        ...(Object.keys(env).length === 0 ? {} : { env }),
        kernel_id: id,
      };
      const answer = await this.#request("POST", "api/kernels", body);
      const facts = "failure" in answer ? undefined : readFacts(answer.body);
      if (facts !== undefined && "status" in answer && answer.status < 300) {
        if (!signal.aborted) return facts;
        await this.deleteKernel(facts.id);
      } else {
        await this.#request("DELETE", `api/kernels/${id}`);
      }
      signal.throwIfAborted();
      if (!isPassing(answer)) throw this.#startError(answer);
      await pause(retryPauseMs);
    }
  }

  /**
   * The kernel, if the server still has it; `false` if it has not.
   * @throws CodeActError with code `executor-start` when the server does not say.
   */
  async kernel(id: string): Promise<KernelFacts | false> {
    const answer = await this.#request("GET", `api/kernels/${encodeURIComponent(id)}`);
    if ("status" in answer && answer.status === 404) return false;
    const facts = "failure" in answer ? undefined : readFacts(answer.body);
    if (facts === undefined) throw this.#startError(answer);
    return facts;
  }

  /** Shuts a kernel down. One that is gone already is no error. */
  async deleteKernel(id: string): Promise<void> {
    const path = `api/kernels/${encodeURIComponent(id)}`;
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#request("DELETE", path);
      const isDone = "status" in answer && (answer.status < 300 || answer.status === 404);
      // A server that is about to restart the kernel may have it again.
      if (isDone && !(await this.#hasKernel(path))) return;
      if (attempt >= maxDeletions || isRefused(answer)) {
        throw new CodeActError(
          "executor-fault",
          `Cannot shut down the kernel ${id} of ${this.address}: ${this.#reason(answer)}.`,
        );
      }
      await pause(attempt * retryPauseMs);
    }
  }

  async #hasKernel(path: string): Promise<boolean> {
    const answer = await this.#request("GET", path);
    return "status" in answer && answer.status < 300;
  }

  /** Interrupts a kernel; a server that cannot is no error, for there are other means. */
  async interrupt(id: string): Promise<void> {
    await this.#request("POST", `api/kernels/${encodeURIComponent(id)}/interrupt`);
  }

  /** @throws CodeActError with code `executor-start`. */
  async restart(id: string): Promise<void> {
    const answer = await this.#request("POST", `api/kernels/${encodeURIComponent(id)}/restart`);
    if ("failure" in answer || answer.status >= 300) throw this.#startError(answer);
  }

  /** A request to the Contents API. */
  contents(
    method: string,
    path: string,
    options: { query?: string; body?: unknown } = {},
  ): Promise<Answer> {
    const escaped = path.split("/").map(encodeURIComponent).join("/");
    return this.#request(method, `api/contents/${escaped}${options.query ?? ""}`, options.body);
  }

  async #request(method: string, path: string, body?: unknown): Promise<Answer> {
    try {
      const response = await fetch(this.#url(path), {
        method,
        headers: { ...this.headers, "Content-Type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // A login page is no answer, and the token is not for other hosts.
        redirect: "manual",
        signal: AbortSignal.timeout(requestTimeoutMs),
      });
      const text = await response.text();
      return { status: response.status, body: parseJson(text), text };
    } catch (error) {
      return { failure: this.#redact(failureOf(error)) };
    }
  }

  #url(path: string): URL {
    return new URL(path, this.settings.baseUrl);
  }

  #startError(answer: Answer): CodeActError {
    return new CodeActError(
      "executor-start",
      `Cannot get ${this.#wanted} from ${this.address}: ${this.#reason(answer)}.`,
    );
  }

  get #wanted(): string {
    const { kernelName, kernelId } = this.settings;
    if (kernelId !== undefined) return `the kernel ${kernelId}`;
    return kernelName === undefined ? "a kernel" : `a kernel ${JSON.stringify(kernelName)}`;
  }

  #reason(answer: Answer): string {
    if ("failure" in answer) return `it cannot be reached (${answer.failure})`;
    const { status } = answer;
    if (status === 401 || status === 403) {
      return `it refuses the token (status ${status}); check the option \`token\``;
    }
    if (status === 0 || (status >= 300 && status < 400)) {
      return "it redirects, as to a login page; check the options `baseUrl` and `token`";
    }
    const said = this.#redact(messageOf(answer));
    return `it answered with status ${status}${said === "" ? "" : `: ${said}`}`;
  }

  #redact(text: string): string {
    const { token, headers } = this.settings;
    let redacted = text;
    for (const secret of [token, ...Object.values(headers)]) {
      if (secret) redacted = redacted.replaceAll(secret, "…");
    }
    return redacted.slice(0, maxQuotedCharacters);
  }
}

function isPassing(answer: Answer): boolean {
  return "failure" in answer || passingStatuses.has(answer.status);
}

function isRefused(answer: Answer): boolean {
  return "status" in answer && (answer.status === 401 || answer.status === 403);
}

function readFacts(body: unknown): KernelFacts | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const { id, name } = body as { id?: unknown; name?: unknown };
  return typeof id === "string" ? { id, name: String(name) } : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function messageOf({ body, text }: { body: unknown; text: string }): string {
  const message = (body as { message?: unknown } | undefined)?.message;
  const reason = (body as { reason?: unknown } | undefined)?.reason;
  if (typeof message === "string" || typeof reason === "string") {
    return [message, reason].filter((part) => typeof part === "string" && part !== "").join(": ");
  }
  return text.startsWith("<") ? "" : text.trim();
}

function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const code = (cause as { code?: unknown } | undefined)?.code;
  if (typeof code === "string") return code;
  return error.name === "TimeoutError" ? `no answer in ${requestTimeoutMs} ms` : error.message;
}

/** Waits. */
export function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
