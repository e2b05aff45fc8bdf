import { tmpdir } from "node:os";
import type { ExecuteOptions, Interpreter } from "@codeact/core";
import type { PythonExecutor } from "../../src/python/index.js";
import { ChaosError } from "./chaos-error.js";
import type { Random } from "./random.js";
import { fillDisk, starveOfDescriptors } from "./starvation.js";

/** What a fault of the host can strike. */
export interface Target {
  executor: PythonExecutor;
  interpreter: Interpreter;
  /** Ends the running cell. */
  controller: AbortController;
  /** The process of the session, as the code has told. */
  pid: number;
  /** The process from which sessions are forked, if there is one that may be struck. */
  supervisor: number | undefined;
  /** The processes that carry the bytes between a host and a Python elsewhere. */
  connection: readonly number[];
}

/** What happens to a cell from outside. */
export interface HostFault {
  name: string;
  /** How the cell is run. */
  options?(random: Random): ExecuteOptions;
  /** Strikes while the cell runs; resolves when it is over. */
  strike?(target: Target, random: Random): Promise<void> | void;
  /** What has to be there besides an interpreter. */
  needs?: "supervisor" | "starving the host" | "connection" | "a small disk";
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function send(pid: number, signal: NodeJS.Signals): void {
  // The process has ended meanwhile; 0 would be this one's group.
  if (pid === 0) return;
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

const signals = [
  "SIGKILL",
  "SIGSEGV",
  "SIGSTOP",
  "SIGTERM",
  "SIGINT",
  "SIGABRT",
  "SIGCHLD",
] as const;

/** Starts another interpreter, which may fail and must not hang. */
async function tryToStart({ executor }: Target): Promise<void> {
  const other = await executor.start().catch((error: unknown) => error);
  if (!(other instanceof Error)) await (other as Interpreter).close();
}

async function tryToFork({ interpreter }: Target): Promise<void> {
  const branch = await interpreter.fork?.().catch((error: unknown) => error);
  if (branch !== undefined && !(branch instanceof Error)) await (branch as Interpreter).close();
}

export const hostFaults: readonly HostFault[] = [
  ...signals.map((signal) => ({
    name: `the host sends ${signal}`,
    strike: ({ pid }: Target) => send(pid, signal),
  })),
  { name: "SIGINT to the group", strike: ({ pid }) => send(-pid, "SIGINT") },
  {
    name: "the connection is cut",
    needs: "connection",
    strike: ({ connection }, random) => {
      if (connection.length > 0) send(random.pick(connection), "SIGKILL");
    },
  },
  {
    name: "the connection stands still for a while",
    needs: "connection",
    strike: async ({ connection }, random) => {
      if (connection.length === 0) return;
      const part = random.pick(connection);
      send(part, "SIGSTOP");
      await pause(random.whole(1, 300));
      send(part, "SIGCONT");
    },
  },
  {
    name: "the disk is full",
    needs: "a small disk",
    strike: async (target, random) => {
      await Promise.all([
        fillDisk(tmpdir(), random.whole(50, 300)),
        pause(20).then(() => Promise.all([tryToStart(target), tryToFork(target)])),
      ]);
    },
  },
  {
    name: "the host stops the process for a while",
    strike: async ({ pid }, random) => {
      send(pid, "SIGSTOP");
      await pause(random.whole(1, 100));
      send(pid, "SIGCONT");
    },
  },
  { name: "the host aborts", strike: ({ controller }) => controller.abort() },
  { name: "the host interrupts", strike: ({ interpreter }) => interpreter.interrupt() },
  { name: "the host resets", strike: ({ interpreter }) => interpreter.reset() },
  { name: "the host closes the interpreter", strike: ({ interpreter }) => interpreter.close() },
  { name: "the host closes the executor", strike: ({ executor }) => executor.close() },
  {
    name: "the host forks while the cell runs",
    strike: async (target) => tryToFork(target),
  },
  { name: "time-out", options: (random) => ({ timeoutMs: random.whole(1, 100) }) },
  {
    name: "a tool that never answers",
    options: () => ({ onToolCall: () => new Promise(() => {}) }),
  },
  {
    name: "a tool that fails the host",
    options: () => ({ onToolCall: () => Promise.reject(new ChaosError("a tool")) }),
  },
  {
    name: "a tool with large answers",
    options: (random) => ({
      onToolCall: async () => ({ ok: true, value: "v".repeat(random.whole(1, 3_000_000)) }),
    }),
  },
  {
    name: "a slow consumer of output",
    options: () => ({ onOutput: () => pause(20).then(() => {}) }),
  },
  {
    name: "a consumer of output that never ends",
    options: () => ({ onOutput: () => new Promise(() => {}) }),
  },
  {
    name: "a consumer of output that fails",
    options: () => ({
      onOutput: () => {
        throw new ChaosError("a consumer of output");
      },
    }),
  },
  {
    name: "little output is kept",
    options: (random) => ({ maxOutputBytes: random.whole(0, 2000) }),
  },
  {
    name: "the supervisor is killed",
    needs: "supervisor",
    strike: ({ supervisor }) => {
      if (supervisor !== undefined) send(supervisor, "SIGKILL");
    },
  },
  {
    name: "the supervisor is stopped for a while",
    needs: "supervisor",
    strike: async (target, random) => {
      const { supervisor } = target;
      if (supervisor === undefined) return;
      send(supervisor, "SIGSTOP");
      await Promise.all([
        tryToStart(target),
        pause(random.whole(1, 300)).then(() => send(supervisor, "SIGCONT")),
      ]);
    },
  },
  {
    name: "the supervisor has no descriptors left",
    needs: "supervisor",
    strike: async (target, random) => {
      if (target.supervisor === undefined) return;
      await Promise.all([
        starveOfDescriptors(target.supervisor, random.whole(0, 4), 200),
        tryToStart(target),
        pause(50).then(() => Promise.all([tryToFork(target), tryToStart(target)])),
      ]);
    },
  },
  {
    name: "the host has no descriptors left",
    needs: "starving the host",
    strike: async (target, random) => {
      await Promise.all([
        starveOfDescriptors(process.pid, random.whole(0, 6), 300),
        pause(50).then(() => Promise.all([tryToStart(target), tryToFork(target)])),
      ]);
    },
  },
];
