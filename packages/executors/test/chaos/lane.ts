import { randomUUID } from "node:crypto";
import {
  CodeActError,
  type ExecuteOptions,
  type ExecutionResult,
  type Interpreter,
  type ToolDeclaration,
} from "@codeact/core";
import { PythonExecutor, type PythonExecutorOptions } from "../../src/python/index.js";
import { ChaosError } from "./chaos-error.js";
import { codeFaults } from "./code-faults.js";
import { empty, settled } from "./deadline.js";
import { type HostFault, hostFaults } from "./host-faults.js";
import { connectionOf, processCalled, processesWith, supervisorOf } from "./leftovers.js";
import { randomProgram } from "./programs.js";
import type { Random } from "./random.js";
import { canStarve } from "./starvation.js";

/** The ways in which a lane starts its interpreters. */
export const modes = ["direct", "forked", "strict", "wrapped"] as const;
export type Mode = (typeof modes)[number];

/** What a lane may do. */
export interface LaneOptions {
  modes: readonly Mode[];
  /** Whether all workspaces are on a disk that faults may fill. */
  fillsDisk: boolean;
  /** Whether faults may keep the whole process from opening anything. */
  starvesHost: boolean;
  /** Tells what comes next, so that a failure can be placed. */
  onRound(description: string): void;
}

const callTool: ToolDeclaration = {
  name: "call",
  pythonName: "call",
  stub: "def call(value: object) -> object:\n    ...\n",
  parameters: "value",
};
const roundsOfInterpreter = 6;
const roundsOfExecutor = 30;

/** One interpreter after another, struck by one fault after another. */
export class Lane {
  readonly #random: Random;
  readonly #options: LaneOptions;
  readonly #mark: string = randomUUID().slice(0, 8).replaceAll(/\D/g, "7");
  #executor: PythonExecutor | undefined;
  #interpreter: Interpreter | undefined;
  #mode: Mode = "direct";
  #hasMortalSupervisor = false;
  #id = "";
  #rounds = 0;
  #checks = 0;

  constructor(random: Random, options: LaneOptions) {
    this.#random = random;
    this.#options = options;
  }

  /** Strikes once and checks that all goes on. */
  async round(): Promise<void> {
    const random = this.#random;
    this.#rounds++;
    if (this.#rounds % roundsOfExecutor === 0) await this.#closeExecutor();
    else if (this.#rounds % roundsOfInterpreter === 0) await this.#closeInterpreter();
    const interpreter = await this.#use();
    const pid = await this.#check(interpreter);
    const surroundings = {
      mark: this.#mark,
      hiddenEnvironment: this.#findsHidden ? "{}" : "None",
    } as const;
    const program = randomProgram(random, surroundings);
    const possible = hostFaults.filter((fault) => this.#isPossible(fault));
    const fault = random.chance(0.5) ? random.pick(codeFaults) : random.pick(possible);
    if ("code" in fault) {
      const place = random.whole(0, program.length);
      program.splice(place, 0, fault.code(random, surroundings));
    }
    this.#options.onRound(`${this.#mode}: ${fault.name}`);
    const ofHost: HostFault = "code" in fault ? { name: fault.name } : fault;
    const options = ofHost.options?.(random);
    const delayMs = random.whole(0, 40);
    const controller = new AbortController();
    const cell = this.#execute(interpreter, program.join("\n"), controller.signal, options);
    const struck = new Promise((resolve) => setTimeout(resolve, delayMs)).then(async () => {
      const executor = this.#executor as PythonExecutor;
      const supervisor = this.#hasMortalSupervisor ? supervisorOf(pid) : undefined;
      const connection = this.#mode === "wrapped" ? connectionOf(this.#id) : [];
      const target = { executor, interpreter, controller, pid, supervisor, connection };
      await ofHost.strike?.(target, random);
    });
    await settled("the cell", cell);
    // What a strike asks for may fail, as a reset of a starving host does; it must not hang.
    await settled("the strike", struck.catch(expectCodeActError));
    await this.#recover();
  }

  /** Ends everything and checks that nothing is left. */
  async close(): Promise<void> {
    await this.#closeExecutor();
  }

  #isPossible({ needs }: HostFault): boolean {
    switch (needs) {
      case "connection":
        return this.#mode === "wrapped";
      case "a small disk":
        return this.#options.fillsDisk;
      case "supervisor":
        return canStarve && this.#hasMortalSupervisor;
      case "starving the host":
        return canStarve && this.#options.starvesHost;
      default:
        return true;
    }
  }

  /** Whether children that hide are ended as well. */
  get #findsHidden(): boolean {
    if (this.#mode === "forked") return !this.#hasMortalSupervisor;
    return this.#mode !== "direct";
  }

  async #use(): Promise<Interpreter> {
    if (this.#executor === undefined) {
      this.#mode = this.#random.pick(this.#options.modes);
      const isForked = this.#mode === "forked" || this.#mode === "strict";
      this.#hasMortalSupervisor = isForked && this.#random.chance(0.5);
      this.#id = randomUUID();
      this.#executor = new PythonExecutor({
        ...this.#optionsOfMode(),
        env: { CHAOS_ID: this.#id },
        interruptGraceMs: 150,
      });
    }
    this.#interpreter ??= await settled("start()", this.#start(this.#executor));
    return this.#interpreter;
  }

  #optionsOfMode(): PythonExecutorOptions {
    switch (this.#mode) {
      case "direct":
        return { forkServer: false };
      case "forked":
        return {};
      case "strict":
        return { sandbox: "strict" };
      case "wrapped":
        // A connection in three parts, each of which can be cut.
        return { command: ["sh", "-c", 'cat | "$@" | cat', this.#id, "python3"] };
    }
  }

  async #start(executor: PythonExecutor): Promise<Interpreter> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await executor.start({ tools: [callTool] });
      } catch (error) {
        // The process may be starved by another lane, or a supervisor may have been struck late.
        const isExpected = isOfStart(error);
        if (!isExpected || attempt === 20) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  async #execute(
    interpreter: Interpreter,
    code: string,
    signal: AbortSignal,
    options: ExecuteOptions | undefined,
  ): Promise<void> {
    try {
      const result = await interpreter.execute(code, {
        signal,
        timeoutMs: 400,
        onToolCall: async (call) => ({ ok: true, value: call.input }),
        ...options,
      });
      checkResult(result);
    } catch (error) {
      if (error instanceof ChaosError) return;
      const isExpected = error instanceof CodeActError && error.code === "executor-closed";
      if (!isExpected && !isOfStart(error)) throw error;
    }
  }

  /** The next cell works, or the one after a loss that had yet to be told. */
  async #recover(): Promise<void> {
    const interpreter = this.#interpreter;
    if (interpreter === undefined || interpreter.state === "closed") {
      await this.#closeExecutor();
      return;
    }
    await this.#check(interpreter);
    if (interpreter.fork === undefined || !this.#random.chance(0.15)) return;
    const branch = await settled(
      "fork()",
      interpreter.fork().catch((error: unknown) => error),
    );
    if (branch instanceof CodeActError && branch.code === "fork") return;
    if (branch instanceof Error) throw branch;
    this.#interpreter = branch as Interpreter;
    await settled("close()", interpreter.close());
    await this.#check(this.#interpreter);
  }

  /** Returns the process of the session. */
  async #check(interpreter: Interpreter): Promise<number> {
    const told: string[] = [];
    for (let attempt = 0; attempt < 20; attempt++) {
      try {
        const name = this.#nextName();
        const cell = interpreter.execute(checkOf(name), { timeoutMs: 30_000 });
        const result = await settled("the next cell", cell);
        checkResult(result);
        const value = valueOf(result);
        if (result.status === "ok" && value > 42e9) {
          // Within the sandbox it has another number.
          return this.#mode === "strict" ? (processCalled(name) ?? 0) : value - 42e9;
        }
        told.push(JSON.stringify(result).slice(0, 1000));
        // What the code has broken for itself, as its descriptors, stays broken while it lives.
        if (result.state === "kept") await settled("reset()", interpreter.reset());
      } catch (error) {
        if (!isOfStart(error)) throw error;
        told.push(String(error));
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    throw new Error(`the next cell does not work: ${told.slice(-3).join("\n")}`);
  }

  #nextName(): string {
    return `c${this.#mark.slice(0, 6)}${this.#checks++ % 10_000}`;
  }

  async #closeInterpreter(): Promise<void> {
    await settled("close()", this.#interpreter?.close() ?? Promise.resolve());
    this.#interpreter = undefined;
    await empty("a closed interpreter has left", () => processesWith(`600.${this.#mark}`));
  }

  async #closeExecutor(): Promise<void> {
    await this.#closeInterpreter();
    await settled("executor.close()", this.#executor?.close() ?? Promise.resolve());
    if (this.#executor !== undefined) {
      await empty("a closed executor has left", () => processesWith(this.#id));
    }
    this.#executor = undefined;
  }
}

/** Names the process of the session, by PR_SET_NAME, and shows its number. */
function checkOf(name: string): string {
  const setName = `ctypes.CDLL(None).prctl(15, b"${name}", 0, 0, 0)`;
  return `import ctypes, os; _ = ${setName}; 6 * 7 * 10**9 + os.getpid()`;
}

/** What a cell has shown as its result. */
function valueOf({ outputs }: ExecutionResult): number {
  const last = outputs.at(-1);
  return last?.type === "display" ? Number(last.data["text/plain"]) : Number.NaN;
}

function expectCodeActError(error: unknown): void {
  if (!(error instanceof CodeActError)) throw error;
}

function isOfStart(error: unknown): boolean {
  return error instanceof CodeActError && error.code === "executor-start";
}

function checkResult(result: ExecutionResult): void {
  const isLost = result.state === "lost";
  const hasReason = result.lostReason !== undefined;
  if (isLost !== hasReason || (result.status === "crashed" && !isLost)) {
    throw new Error(`a result contradicts itself: ${JSON.stringify(result).slice(0, 1000)}`);
  }
  if (!Number.isSafeInteger(result.droppedBytes) || result.droppedBytes < 0) {
    throw new Error(`droppedBytes is ${result.droppedBytes}`);
  }
}
