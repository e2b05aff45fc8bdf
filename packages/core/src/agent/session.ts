import { closeOnDispose } from "../async/dispose.js";
import { CodeActError } from "../errors/codeact-error.js";
import type { ForkOptions, Interpreter } from "../executor/executor.js";
import type { WorkspaceFiles } from "../executor/workspace-files.js";
import type { Message } from "../model/message.js";
import type { RunOptions } from "./options.js";
import type { AgentResult } from "./result.js";
import type { SessionState } from "./session-state.js";
import { type AgentStream, streamRun } from "./stream.js";
import type { Task } from "./task.js";

/** A state of a session to go back to. Holds an interpreter: close it when it is of no more use. */
export interface SessionCheckpoint {
  close(): Promise<void>;
}

/**
 * A conversation and a live interpreter over many runs: variables, imports and files of one run
 * are there in the next. Made by `agent.session()`; close it when done.
 *
 * @example
 * ```ts
 * const session = await agent.session();
 * try {
 *   await session.run("Load sales.csv into a data frame.");
 *   const result = await session.run("Which month was best?");
 * } finally {
 *   await session.close();
 * }
 * ```
 */
export class AgentSession<TOutput = string, TContext = unknown> {
  readonly #state: SessionState<TOutput, TContext>;
  readonly #checkpoints = new WeakMap<SessionCheckpoint, SessionState<TOutput, TContext>>();

  /** @internal Use `agent.session()`. */
  constructor(state: SessionState<TOutput, TContext>) {
    this.#state = state;
  }

  get id(): string {
    return this.#state.id;
  }

  /** The conversation so far. Store it, and give it to `agent.session({ messages })` later. */
  get messages(): readonly Message[] {
    return this.#state.conversation.messages;
  }

  /**
   * The live interpreter.
   * @throws `CodeActError` with code `unsupported` where the action format uses none.
   */
  get interpreter(): Interpreter {
    const { interpreter } = this.#state;
    if (interpreter) return interpreter;
    throw new CodeActError("unsupported", "This session has no interpreter.");
  }

  /** The files of the interpreter's workspace. */
  get files(): WorkspaceFiles {
    return this.interpreter.files;
  }

  /**
   * Runs a task to its end; see `agent.run`.
   * @throws `CodeActError` with code `session-busy` while another run is under way.
   */
  run(task: Task, options?: RunOptions<TContext>): Promise<AgentResult<TOutput>> {
    return this.#state.begin(task, options).result;
  }

  /** Runs a task and streams its events; see `agent.stream`. */
  stream(task: Task, options: RunOptions<TContext> = {}): AgentStream<TOutput> {
    return streamRun((watch) => this.#state.begin(task, options, { watch }));
  }

  /**
   * A second session that begins with the same conversation and a live copy of the interpreter.
   * @throws `CodeActError` with code `fork` where the executor cannot, `session-busy` in a run.
   */
  async fork(options?: ForkOptions): Promise<AgentSession<TOutput, TContext>> {
    return new AgentSession(await this.#state.fork(options));
  }

  /** Keeps the present state, files included, to go back to it by `restore`. Fails like `fork`. */
  async checkpoint(): Promise<SessionCheckpoint> {
    const state = await this.#state.fork();
    const checkpoint: SessionCheckpoint = { close: () => state.close() };
    this.#checkpoints.set(checkpoint, state);
    return checkpoint;
  }

  /**
   * Goes back to a checkpoint of this session, which can be used again.
   * @throws `CodeActError` with code `invalid-option` for a checkpoint of another session.
   */
  async restore(checkpoint: SessionCheckpoint): Promise<void> {
    const state = this.#checkpoints.get(checkpoint);
    if (!state) {
      throw new CodeActError("invalid-option", "This checkpoint was made by another session.");
    }
    await this.#state.restore(state);
  }

  /** Aborts a run under way and ends the interpreter with all that it started. Idempotent. */
  close(): Promise<void> {
    return this.#state.close();
  }
}

closeOnDispose(AgentSession.prototype);
