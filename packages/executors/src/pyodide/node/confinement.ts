import { execFile } from "node:child_process";
import { access, constants, readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { CodeActError } from "@codeact/core";
import { SharedResults } from "../host/shared-results.js";

/** How the operating system confines a child process: by a program that starts it. */
export interface Confinement {
  /** The program with its arguments; what it starts follows. */
  command: readonly string[];
  /** What is enforced, in words. */
  description: string;
}

interface Tool {
  name: string;
  description: string;
  arguments(pyodideDirectory: string): Promise<string[]>;
}

const execute = promisify(execFile);
const probeTimeoutMs = 20_000;
/** Where programs of the system are. What `PATH` says is the user's. */
const directories = ["/usr/bin", "/bin", "/usr/local/bin", "/run/current-system/sw/bin"];
/** Libraries of the system, of which Node is made. */
const libraries = ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/nix/store", "/gnu/store"];
const shownFiles = [...libraries, "/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo"];

const tools: readonly Tool[] = [
  {
    name: "bwrap",
    description:
      "no network, no signals to other processes, no files but Node's and Pyodide's: " +
      "namespaces of Linux, by bwrap",
    arguments: async (pyodideDirectory) => [
      "--unshare-all",
      "--die-with-parent",
      "--new-session",
      "--clearenv",
      "--cap-drop",
      "ALL",
      ...shownFiles.flatMap((path) => ["--ro-bind-try", path, path]),
      ...(await librariesElsewhere()).flatMap((path) => ["--ro-bind", path, path]),
      "--ro-bind",
      process.execPath,
      process.execPath,
      "--ro-bind",
      pyodideDirectory,
      pyodideDirectory,
      "--proc",
      "/proc",
      "--dev",
      "/dev",
      "--chdir",
      pyodideDirectory,
      "--",
    ],
  },
  {
    name: "unshare",
    description: "no network, no signals to other processes: namespaces of Linux, by unshare",
    arguments: async () => [
      "--user",
      "--map-current-user",
      "--mount",
      "--pid",
      "--net",
      "--ipc",
      "--uts",
      "--cgroup",
      "--fork",
      "--kill-child",
      "--mount-proc",
      "--",
    ],
  },
];

/** Why a program does not confine. */
interface Failure {
  reason: string;
  /** Whether it may confine the next time: the machine was busy, or had too little of something. */
  isPassing: boolean;
}

/** What was found for a directory. */
interface Finding {
  confinement: Confinement | undefined;
  /** Of programs that are stronger. */
  failures: readonly Failure[];
}

const found = new SharedResults<string, Finding>();

/**
 * The strongest confinement that this machine allows; `undefined` where it allows none, unless one is
 * required. @throws CodeActError with code `sandbox`; or `signal.reason` when aborted.
 */
export async function findConfinement(
  pyodideDirectory: string,
  isRequired: boolean,
  signal: AbortSignal,
): Promise<Confinement | undefined> {
  const find = (stopped: AbortSignal) => findStrongest(pyodideDirectory, stopped);
  const { confinement, failures } = await found.get(pyodideDirectory, find, signal);
  // The next start looks again.
  if (failures.some(({ isPassing }) => isPassing)) found.delete(pyodideDirectory);
  if (confinement !== undefined || !isRequired) return confinement;
  const result = failures.map(({ reason }) => reason).join("; ");
  throw new CodeActError(
    "sandbox",
    `PyodideExecutor cannot confine its processes on this machine: ${result}. Install bubblewrap ` +
      'and allow it to make user namespaces, or leave out `confinement: "required"`.',
  );
}

/** Every one that this machine allows, the strongest first. */
export async function allConfinements(pyodideDirectory: string): Promise<Confinement[]> {
  const { signal } = new AbortController();
  const all = await Promise.all(tools.map((tool) => tryTool(tool, pyodideDirectory, signal)));
  return all.filter((each) => "command" in each);
}

async function findStrongest(pyodideDirectory: string, stopped: AbortSignal): Promise<Finding> {
  const failures: Failure[] = [];
  for (const tool of tools) {
    const first = await tryTool(tool, pyodideDirectory, stopped);
    const again = "isPassing" in first && first.isPassing;
    const result = again ? await tryTool(tool, pyodideDirectory, stopped) : first;
    if ("command" in result) return { confinement: result, failures };
    failures.push(result);
  }
  return { confinement: undefined, failures };
}

/** Whether Node starts with it; if not, why. */
async function tryTool(
  tool: Tool,
  pyodideDirectory: string,
  signal: AbortSignal,
): Promise<Confinement | Failure> {
  const lasting = (problem: string) => ({ reason: `${tool.name} ${problem}`, isPassing: false });
  if (process.platform !== "linux") return lasting("is a program of Linux");
  const program = await findProgram(tool.name);
  if (program === undefined) return lasting("is not installed");
  try {
    const command = [program, ...(await tool.arguments(pyodideDirectory))];
    const [, ...rest] = command;
    const options = { env: {}, timeout: probeTimeoutMs, signal };
    await execute(program, [...rest, process.execPath, "--eval", "0"], options);
    return { command, description: tool.description };
  } catch (error) {
    signal.throwIfAborted();
    return describeFailure(tool.name, error);
  }
}

/** Says why a trial failed. What the program refused by itself, it refuses the next time, too. */
export function describeFailure(name: string, error: unknown): Failure {
  const { code, stderr, message } = error as { code?: unknown; stderr?: string; message: string };
  const text = (stderr || message).trim();
  const isPassing =
    typeof code !== "number" || /temporarily unavailable|cannot allocate/i.test(text);
  return { reason: `${name} failed: ${text}`, isPassing };
}

async function findProgram(name: string): Promise<string | undefined> {
  for (const directory of directories) {
    const path = join(directory, name);
    try {
      await access(path, constants.X_OK);
      return path;
    } catch {
      // Not there.
    }
  }
  return undefined;
}

/** Libraries of this Node that lie outside of the system's directories. */
async function librariesElsewhere(): Promise<string[]> {
  const maps = await readFile("/proc/self/maps", "utf8");
  const paths = new Set(maps.match(/\/\S+\.so(\.[\d.]+)?$/gm));
  const shown = await Promise.all(libraries.map((path) => realpath(path).catch(() => path)));
  return [...paths].filter((path) => !shown.some((directory) => path.startsWith(`${directory}/`)));
}
