import { execFile } from "node:child_process";
import { access, constants, readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { CodeActError } from "@codeact/core";

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

const found = new Map<string, Promise<Confinement | string>>();

/**
 * The strongest confinement that this machine allows; `undefined` where it allows none, unless one is
 * required. @throws CodeActError with code `sandbox`.
 */
export async function findConfinement(
  pyodideDirectory: string,
  isRequired: boolean,
): Promise<Confinement | undefined> {
  const finding = found.get(pyodideDirectory) ?? find(pyodideDirectory);
  found.set(pyodideDirectory, finding);
  const result = await finding;
  if (typeof result !== "string") return result;
  if (!isRequired) return undefined;
  throw new CodeActError(
    "sandbox",
    `PyodideExecutor cannot confine its processes on this machine: ${result}. Install bubblewrap ` +
      'and allow it to make user namespaces, or leave out `confinement: "required"`.',
  );
}

/** Every one that this machine allows, the strongest first. */
export async function allConfinements(pyodideDirectory: string): Promise<Confinement[]> {
  const all = await Promise.all(tools.map((tool) => tryTool(tool, pyodideDirectory)));
  return all.filter((each) => typeof each !== "string");
}

async function find(pyodideDirectory: string): Promise<Confinement | string> {
  const reasons: string[] = [];
  for (const tool of tools) {
    const result = await tryTool(tool, pyodideDirectory);
    if (typeof result !== "string") return result;
    reasons.push(result);
  }
  return reasons.join("; ");
}

/** Whether Node starts with it; if not, why. */
async function tryTool(tool: Tool, pyodideDirectory: string): Promise<Confinement | string> {
  if (process.platform !== "linux") return `${tool.name} is a program of Linux`;
  const program = await findProgram(tool.name);
  if (program === undefined) return `${tool.name} is not installed`;
  try {
    const command = [program, ...(await tool.arguments(pyodideDirectory))];
    const [, ...rest] = command;
    const options = { env: {}, timeout: probeTimeoutMs };
    await execute(program, [...rest, process.execPath, "--eval", "0"], options);
    return { command, description: tool.description };
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    return `${tool.name} failed: ${(stderr || message).trim()}`;
  }
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
