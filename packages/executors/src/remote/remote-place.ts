import { CodeActError, type ToolDeclaration, type WorkspaceFiles } from "@codeact/core";
import { minimalEnvironment } from "../python/environment.js";
import type { InterpreterPlace } from "../python/interpreter-place.js";
import type { PythonSettings } from "../python/python-options.js";
import { PythonSession } from "../python/python-session.js";
import { abortable, withTimeout } from "../python/waiting.js";
import { FarProcess } from "./far-process.js";
import { RemoteFiles } from "./remote-files.js";
import { RemoteLink, type RemoteLinkOptions } from "./remote-link.js";

/** Where the programs that reach other machines find their way: addresses and paths, no keys. */
const connectionNames: readonly string[] = [
  "SSH_AUTH_SOCK",
  "DOCKER_HOST",
  "DOCKER_CONTEXT",
  "DOCKER_CONFIG",
  "DOCKER_CERT_PATH",
  "DOCKER_TLS_VERIFY",
  "CONTAINER_HOST",
  "KUBECONFIG",
  "XDG_RUNTIME_DIR",
];

/** Settings with a command. */
export type RemoteSettings = PythonSettings & { command: readonly string[] };

/** The other end of a command. Its workspace stays as long as the command runs. */
export class RemotePlace implements InterpreterPlace {
  readonly #settings: RemoteSettings;
  readonly #tools: readonly ToolDeclaration[];
  readonly #closing = new AbortController();
  #link: RemoteLink | undefined;
  #opening: Promise<RemoteLink> | undefined;

  constructor(settings: RemoteSettings, tools: readonly ToolDeclaration[]) {
    this.#settings = settings;
    this.#tools = tools;
  }

  async startSession(signal: AbortSignal): Promise<PythonSession> {
    signal.throwIfAborted();
    const { interruptGraceMs, preload, sandbox, startTimeoutMs } = this.#settings;
    const deadlineMs = performance.now() + startTimeoutMs;
    const link = await abortable(this.#open(), signal);
    const workspace = await link.opened;
    const process = new FarProcess(link);
    const session = new PythonSession(process, { tools: this.#tools, interruptGraceMs });
    const limits = sandbox.kind === "none" ? sandbox.limits : {};
    session.begin({ workspace, preload, limits });
    try {
      await abortable(this.#inTime(session.ready, link, deadlineMs), signal);
      return session;
    } catch (error) {
      await session.close("it was given up while it started");
      throw error;
    }
  }

  openFiles(closed: AbortSignal): WorkspaceFiles {
    return new RemoteFiles(() => this.#open(), closed);
  }

  async dispose(): Promise<void> {
    this.#closing.abort(new CodeActError("executor-closed", "The interpreter is closed."));
    await this.#opening?.catch(ignore);
    await this.#link?.close(true);
  }

  /** The link at hand, or a new one where it has ended. */
  #open(): Promise<RemoteLink> {
    if (this.#link?.hasEnded === false) return Promise.resolve(this.#link);
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #connect(): Promise<RemoteLink> {
    const { command, env, workspace, keepWorkspace, startTimeoutMs } = this.#settings;
    this.#closing.signal.throwIfAborted();
    const link = openLink({
      command,
      environment: { ...connectionEnvironment(), ...minimalEnvironment({}) },
      env,
      workspace,
      keepWorkspace,
    });
    try {
      const deadlineMs = performance.now() + startTimeoutMs;
      await abortable(this.#inTime(link.opened, link, deadlineMs), this.#closing.signal);
      this.#link = link;
      return link;
    } catch (error) {
      await link.close(false);
      throw error;
    }
  }

  #inTime<T>(promise: Promise<T>, link: RemoteLink, deadlineMs: number): Promise<T> {
    const { command, startTimeoutMs } = this.#settings;
    const late = () =>
      new CodeActError(
        "executor-start",
        `The command ${JSON.stringify(command.join(" "))} gave no Python within ` +
          `${startTimeoutMs} ms. ${link.quote} Raise the option \`startTimeoutMs\` of ` +
          "PythonExecutor if the way there is slow.",
      );
    return withTimeout(promise, Math.max(0, deadlineMs - performance.now()), late);
  }
}

function openLink(options: RemoteLinkOptions): RemoteLink {
  try {
    return new RemoteLink(options);
  } catch (error) {
    throw new CodeActError(
      "executor-start",
      `Cannot start ${JSON.stringify(options.command[0])}: ${(error as Error).message}. ` +
        "Check the limits of this process.",
      { cause: error },
    );
  }
}

function connectionEnvironment(): Record<string, string> {
  return Object.fromEntries(
    connectionNames.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function ignore(): void {}
