import { onAbort } from "../async/abort.js";
import { createIdentifier } from "../async/identifier.js";
import { CodeActError } from "../errors/codeact-error.js";
import type { AgentEvent } from "../events/event.js";
import { callIsolated } from "../events/isolation.js";
import type { ForkOptions, Interpreter } from "../executor/executor.js";
import type { Message } from "../model/message.js";
import type { Trajectory } from "../trajectory/trajectory.js";
import type { AgentDefinition } from "./definition.js";
import { Conversation } from "./conversation.js";
import type { RunOptions } from "./options.js";
import type { AgentResult } from "./result.js";
import { executeRun } from "./run.js";
import { type ParentRun, RunScope } from "./run-scope.js";
import type { Task } from "./task.js";

/** Where a session delivers what concerns the agent as a whole. */
export interface AgentHooks {
  deliver(event: AgentEvent): void;
  reportListenerError(listener: string, error: unknown): void;
}

/** A run under way. */
export interface RunHandle<TOutput> {
  result: Promise<AgentResult<TOutput>>;
  trajectory: Trajectory;
  abort: (reason: unknown) => void;
}

const variablesAreGone =
  "Note: the Python interpreter is new. Variables, imports and functions of earlier code are gone.";

/** A conversation and its interpreter, in which runs follow one another. */
export class SessionState<TOutput, TContext> {
  readonly id = createIdentifier("session");
  readonly definition: AgentDefinition<TOutput, TContext>;
  readonly conversation = new Conversation();
  readonly #hooks: AgentHooks;
  readonly #counters = { actions: 0, toolCalls: 0, approvals: 0 };
  readonly #closing = new AbortController();
  #interpreter: Promise<Interpreter> | undefined;
  #live: Interpreter | undefined;
  #active: Promise<unknown> | undefined;
  #notes: string[] = [];

  constructor(definition: AgentDefinition<TOutput, TContext>, hooks: AgentHooks) {
    this.definition = definition;
    this.#hooks = hooks;
  }

  /** The interpreter, once it has been started. */
  get interpreter(): Interpreter | undefined {
    return this.#live;
  }

  /** Goes on from a stored conversation, whose variables no longer exist. */
  resume(messages: readonly Message[]): void {
    this.conversation.replace(messages);
    if (this.definition.executor && messages.some(({ role }) => role === "assistant")) {
      this.#notes.push(variablesAreGone);
    }
  }

  /** Starts the interpreter if need be. A failed start is tried again by the next caller. */
  startInterpreter(signal?: AbortSignal): Promise<Interpreter> {
    const { executor, declarations } = this.definition;
    if (!executor) {
      return Promise.reject(
        new CodeActError("unsupported", "This agent's action format uses no interpreter."),
      );
    }
    this.#interpreter ??= executor.start({ tools: declarations, ...(signal && { signal }) }).then(
      (interpreter) => (this.#live = interpreter),
      (error: unknown) => {
        this.#interpreter = undefined;
        throw error;
      },
    );
    return this.#interpreter;
  }

  /** Begins a run. Its result rejects at once when the session is busy or closed. */
  begin(task: Task, options: RunOptions<TContext> = {}, parent?: ParentRun): RunHandle<TOutput> {
    const scope = new RunScope({
      sessionId: this.id,
      tokenLimit: this.definition.limits.tokens,
      ownSink: (event) => this.#hooks.deliver(event),
      sink: (event) => this.#observe(options.onEvent, event),
      signal: options.signal,
      parent,
    });
    const result = this.#run(scope, task, options.context as TContext);
    return {
      result,
      trajectory: scope.trajectory,
      abort: (reason) => scope.abort("aborted", reason),
    };
  }

  async #run(scope: RunScope, task: Task, context: TContext): Promise<AgentResult<TOutput>> {
    try {
      this.requireIdle("start a run");
    } catch (error) {
      scope.close();
      throw error;
    }
    const release = onAbort(this.#closing.signal, () => scope.abort("aborted", closedError()));
    const result = executeRun(
      {
        definition: this.definition,
        conversation: this.conversation,
        counters: this.#counters,
        scope,
        context,
        takeNotes: () => this.#notes.splice(0),
        interpreter: () => this.startInterpreter(scope.signal),
      },
      task,
    ).finally(() => {
      this.#active = undefined;
      release();
    });
    this.#active = result;
    return result;
  }

  #observe(onEvent: RunOptions["onEvent"], event: AgentEvent): void {
    if (!onEvent) return;
    callIsolated(
      () => onEvent(event),
      (error) => this.#hooks.reportListenerError("onEvent", error),
    );
  }

  /** A second session with the same conversation and a fork of the interpreter. */
  async fork(options?: ForkOptions): Promise<SessionState<TOutput, TContext>> {
    this.requireIdle("fork");
    const branch = new SessionState(this.definition, this.#hooks);
    const live = this.#live;
    if (live) branch.#adopt(await forkInterpreter(live, options));
    branch.conversation.replace(this.conversation.messages);
    return branch;
  }

  /** Goes back to what `source` holds now; `source` stays as it is. */
  async restore(source: SessionState<TOutput, TContext>): Promise<void> {
    this.requireIdle("restore");
    const replacement = source.#live && (await forkInterpreter(source.#live));
    await this.#live?.close();
    this.#interpreter = undefined;
    this.#live = undefined;
    if (replacement) this.#adopt(replacement);
    this.conversation.replace(source.conversation.messages);
  }

  #adopt(interpreter: Interpreter): void {
    this.#live = interpreter;
    this.#interpreter = Promise.resolve(interpreter);
  }

  /** Ends a run under way and the interpreter. Idempotent. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#active?.catch(() => undefined);
    const interpreter = await this.#interpreter?.catch(() => undefined);
    await interpreter?.close();
  }

  /** Throws when the session is closed or in a run. */
  requireIdle(what: string): void {
    if (this.#closing.signal.aborted) throw closedError();
    if (this.#active) {
      throw new CodeActError(
        "session-busy",
        `Cannot ${what}: a run of this session is still under way. Await it first, or fork the ` +
          "session or open another to run at the same time.",
      );
    }
  }
}

function closedError(): CodeActError {
  return new CodeActError("session-closed", "The session is closed. Open another.");
}

async function forkInterpreter(
  interpreter: Interpreter,
  options?: ForkOptions,
): Promise<Interpreter> {
  if (!interpreter.fork) {
    throw new CodeActError(
      "fork",
      "This session's interpreter cannot be forked: its executor has no live forks " +
        "(capabilities.fork is false).",
    );
  }
  return interpreter.fork(options);
}
