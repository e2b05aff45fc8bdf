import { closeAfter } from "../async/close-after.js";
import { AgentEmitter } from "../events/agent-emitter.js";
import type { AgentEvent } from "../events/event.js";
import type { JsonValue } from "../json.js";
import type { Message } from "../model/message.js";
import type { Tool } from "../tool/tool.js";
import { type AgentToolInput, type AsToolOptions, agentAsTool } from "./as-tool.js";
import { type AgentDefinition, defineAgent } from "./definition.js";
import type { AgentOptions, RunOptions } from "./options.js";
import type { AgentResult } from "./result.js";
import { AgentSession } from "./session.js";
import { type AgentHooks, type RunHandle, SessionState } from "./session-state.js";
import { type AgentStream, streamRun } from "./stream.js";
import type { Task } from "./task.js";

/** How a session begins. */
export interface SessionOptions {
  /** A stored conversation to go on from. Its variables are gone, and the model is told so. */
  messages?: readonly Message[];
  /** Gives up starting the interpreter. */
  signal?: AbortSignal;
}

/**
 * An agent that acts by writing Python. It asks a model, runs the code that the model writes in a
 * live interpreter in which your tools are ordinary functions, shows it what came out, and goes
 * on until there is an answer.
 *
 * An agent is an immutable definition: use one for any number of runs, also at once. Events of
 * all its runs can be listened to by `on`; those of one run by the run's `onEvent`, or by
 * `stream`. Listeners that throw are reported as `listener-error` and change nothing.
 *
 * @example
 * ```ts
 * const agent = new Agent({
 *   model: new OpenAIModel({ model: "gpt-5" }),
 *   executor: new PythonExecutor(),
 *   tools: [weather],
 * });
 * agent.on("action", ({ action }) => console.log(action));
 * const result = await agent.run("Which of Oslo, Rome and Cairo is warmest?");
 * if (result.status === "answered") console.log(result.output);
 * ```
 */
export class Agent<TOutput = string, TContext = unknown> extends AgentEmitter {
  readonly #definition: AgentDefinition<TOutput, TContext>;
  readonly #hooks: AgentHooks = {
    deliver: (event) => this.deliver(event),
    reportListenerError: (listener, error) => this.reportListenerError(listener, error),
  };

  /** @throws `CodeActError` with code `invalid-option` or `invalid-tool`. */
  constructor(options: AgentOptions<TOutput, TContext>) {
    super();
    this.#definition = defineAgent(options);
  }

  get name(): string {
    return this.#definition.name;
  }

  /**
   * Runs a task in a session of its own.
   *
   * @returns how the run ended; only status `answered` has an `output`.
   * @throws `signal.reason` when aborted; a `CodeActError` on a fault: code `invalid-task`,
   * `invalid-option`, `executor-start`, `executor-fault`, `callback`, or that of a `ModelError`.
   */
  run(task: Task, options: RunOptions<TContext> = {}): Promise<AgentResult<TOutput>> {
    return this.#begin(task, options).result;
  }

  /** Like `run`, with the events to iterate. It never differs from `run` otherwise. */
  stream(task: Task, options: RunOptions<TContext> = {}): AgentStream<TOutput> {
    return streamRun((watch) => this.#begin(task, options, watch));
  }

  /**
   * Opens a session: a conversation and a live interpreter over many runs.
   * @throws `CodeActError` with code `executor-start` when no interpreter can be started, or
   * `invalid-option` for messages that are none; `signal.reason` when aborted meanwhile.
   */
  async session(options: SessionOptions = {}): Promise<AgentSession<TOutput, TContext>> {
    const state = new SessionState(this.#definition, this.#hooks);
    if (options.messages !== undefined) state.resume(options.messages);
    if (this.#definition.executor) await state.startInterpreter(options.signal);
    return new AgentSession(state);
  }

  /**
   * This agent as a tool of another: a Python function that takes a task. Its events appear in
   * the caller's stream, its tokens count there, and aborts reach it.
   * @throws `CodeActError` with code `invalid-tool` without a description.
   */
  asTool(options: AsToolOptions = {}): Tool<AgentToolInput, JsonValue, TContext> {
    return agentAsTool(this.#definition, this.#hooks, options);
  }

  #begin(
    task: Task,
    options: RunOptions<TContext>,
    watch?: (event: AgentEvent) => void,
  ): RunHandle<TOutput> {
    const state = new SessionState(this.#definition, this.#hooks);
    const handle = state.begin(task, options, { watch });
    return { ...handle, result: closeAfter(handle.result, state) };
  }
}
