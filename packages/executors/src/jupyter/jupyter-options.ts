import { optionChecks } from "../option-checks.js";

const { invalid, readDuration } = optionChecks("JupyterExecutor");

/** Options of a `JupyterExecutor`. */
export interface JupyterExecutorOptions {
  /**
   * Address of the server or gateway, with the base path behind which it is, for example
   * `https://example.com/user/ada/`.
   */
  baseUrl: string;
  /** The server's token. It is sent with every request and never shown. @defaultValue none */
  token?: string;
  /** The kernel to start, by its name on the server. @defaultValue the server's default */
  kernelName?: string;
  /**
   * A running kernel to work in. It is neither started nor shut down, its variables and its
   * directory are what they are, and the executor gives one interpreter at a time.
   * @defaultValue none: every interpreter starts a kernel
   */
  kernelId?: string;
  /**
   * Environment variables for the kernel: for gateways that take some with the request, and set in
   * a Python kernel besides. @defaultValue none
   */
  env?: Readonly<Record<string, string>>;
  /** Sent with every request; browsers cannot send them with websockets. @defaultValue none */
  headers?: Readonly<Record<string, string>>;
  /**
   * The directory, on the kernel's machine, in which the code runs; made where it is missing and
   * never removed. Interpreters of one executor then share it. @defaultValue a temporary
   * directory for each interpreter
   */
  workspace?: string;
  /**
   * How long an interrupted cell may take to end, in milliseconds, before its kernel is killed and
   * its variables are lost. @defaultValue 2,000
   */
  interruptGraceMs?: number;
  /** How long a kernel may take to start, in milliseconds. @defaultValue 60,000 */
  startTimeoutMs?: number;
  /**
   * How long to try to restore a broken connection, in milliseconds, before the kernel is given
   * up. @defaultValue 30,000
   */
  reconnectTimeoutMs?: number;
  /**
   * After so many milliseconds without a sign of life from this host, a Python kernel that it
   * started ends itself. `Infinity` for never. @defaultValue 120,000
   */
  orphanTimeoutMs?: number;
}

/** Checked options with their defaults. */
export interface JupyterSettings {
  /** Ends with `/`; holds neither user, password, query nor fragment. */
  baseUrl: URL;
  token: string | undefined;
  kernelName: string | undefined;
  kernelId: string | undefined;
  env: Readonly<Record<string, string>>;
  headers: Readonly<Record<string, string>>;
  workspace: string | undefined;
  interruptGraceMs: number;
  startTimeoutMs: number;
  reconnectTimeoutMs: number;
  orphanTimeoutMs: number;
}

/** @throws CodeActError with code `invalid-option`. */
export function readJupyterOptions(options: JupyterExecutorOptions): JupyterSettings {
  const { token, kernelName, kernelId, workspace, env = {}, headers = {} } = options;
  const texts = { token, kernelName, kernelId, workspace };
  for (const [name, value] of Object.entries(texts)) {
    if (value !== undefined && (typeof value !== "string" || value === "")) {
      throw invalid(name, "a string that is not empty");
    }
  }
  if (token !== undefined && /[^\x21-\x7e]/.test(token)) {
    throw invalid("token", "of visible ASCII characters");
  }
  if (kernelId !== undefined && !/^[\w-]+$/.test(kernelId)) {
    throw invalid("kernelId", "the id of a running kernel");
  }
  if (kernelId !== undefined && kernelName !== undefined) {
    throw invalid("kernelId", "given without `kernelName`: that kernel runs already");
  }
  return {
    baseUrl: readBaseUrl(options.baseUrl),
    token,
    kernelName,
    kernelId,
    env: readRecord("env", env),
    headers: readHeaders(headers),
    workspace,
    interruptGraceMs: readDuration("interruptGraceMs", options.interruptGraceMs, 2000),
    startTimeoutMs: readDuration("startTimeoutMs", options.startTimeoutMs, 60_000),
    reconnectTimeoutMs: readDuration("reconnectTimeoutMs", options.reconnectTimeoutMs, 30_000),
    orphanTimeoutMs:
      options.orphanTimeoutMs === Infinity
        ? Infinity
        : readDuration("orphanTimeoutMs", options.orphanTimeoutMs, 120_000),
  };
}

function readBaseUrl(baseUrl: unknown): URL {
  const expected = "an http or https address without user, password, query and fragment";
  if (typeof baseUrl !== "string" || !URL.canParse(baseUrl)) throw invalid("baseUrl", expected);
  const url = new URL(baseUrl);
  const { protocol, username, password, search, hash } = url;
  if (!/^https?:$/.test(protocol) || username || password || search || hash) {
    throw invalid("baseUrl", expected);
  }
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

function readHeaders(headers: unknown): Readonly<Record<string, string>> {
  const record = readRecord("headers", headers);
  try {
    new Headers(record);
  } catch {
    // Its reason quotes the value, which may be a secret.
    throw invalid("headers", "a record of names and values that HTTP allows");
  }
  return record;
}

function readRecord(name: string, record: unknown): Readonly<Record<string, string>> {
  const isRecord = typeof record === "object" && record !== null && !Array.isArray(record);
  if (!isRecord || !Object.values(record).every((value) => typeof value === "string")) {
    throw invalid(name, "a record of strings");
  }
  return { ...(record as Record<string, string>) };
}
