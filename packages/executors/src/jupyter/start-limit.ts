import { CodeActError } from "@codeact/core";
import type { JupyterServer } from "./jupyter-server.js";

/** The time that a start may take. When it is over, the error says what it was spent on. */
export class StartLimit {
  readonly #controller = new AbortController();
  readonly #server: JupyterServer;
  readonly #outer: AbortSignal;
  readonly #forward: () => void;
  readonly #timer: ReturnType<typeof setTimeout>;
  #awaited = "";
  #trouble: string | undefined;

  /** Ends also when `outer` aborts, with its reason. */
  constructor(server: JupyterServer, outer: AbortSignal) {
    this.#server = server;
    this.#outer = outer;
    this.#forward = () => this.#controller.abort(outer.reason);
    outer.addEventListener("abort", this.#forward, { once: true });
    if (outer.aborted) this.#forward();
    const { startTimeoutMs } = server.settings;
    this.#timer = setTimeout(() => this.#controller.abort(this.#error()), startTimeoutMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Notes what is awaited from now on, in the words of an error: "it gives none". */
  await(what: string): void {
    this.#awaited = what;
    this.#trouble = undefined;
  }

  /** Notes what went wrong, and is tried again. */
  note(trouble: string): void {
    this.#trouble = trouble;
  }

  /** The start is over. */
  end(): void {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener("abort", this.#forward);
  }

  #error(): CodeActError {
    const { address, settings } = this.#server;
    const slow =
      "raise the option `startTimeoutMs` of JupyterExecutor if its machines are slow, and look " +
      "into the server's log if they are not";
    return new CodeActError(
      "executor-start",
      `No kernel of ${address} was ready within ${settings.startTimeoutMs} ms: ` +
        `${this.#trouble ?? `${this.#awaited}; ${slow}`}.`,
    );
  }
}
