import { execFile, spawn } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { PythonExecutor } from "../src/python/index.js";
import { textOf } from "./results.js";

/** A row of `confinement/attempts.py`, which says what its members mean. */
export interface Attempt {
  group: string;
  name: string;
  control: "user" | "root";
  optional: boolean;
  marker: boolean;
}

/** What a host has. */
export interface World {
  names: Record<string, string | number>;
  attempts: Attempt[];
  close(): Promise<void>;
}

const directory = fileURLToPath(new URL("../python-tests/confinement", import.meta.url));
const secretVariable = "CODEACT_HOST_SECRET";
const secret = `hostsecret-${"0123456789abcdef".repeat(2)}`;

/** What there is to get, of a process that has it. */
export async function openWorld(): Promise<World> {
  const child = spawn("python3", [join(directory, "world_server.py")], {
    env: {
      PATH: process.env["PATH"],
      [secretVariable]: secret,
    },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let text = "";
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (text.endsWith("\n")) break;
  }
  const { world: names, attempts } = JSON.parse(text) as {
    world: World["names"];
    attempts: Attempt[];
  };
  const close = async () => {
    const closed = new Promise((resolve) => child.once("close", resolve));
    child.stdin.end();
    await closed;
  };
  return { names, attempts, close };
}

/** The sandbox, and the same without: sessions that inherit what a careless library has left open. */
export async function openSides(
  { names }: World,
  top: string,
): Promise<Record<"strict" | "none", Side>> {
  // More than the limits that can be set, and than those that cannot.
  Object.assign(names, { more_files: 1100, more_temporary: 300 });
  const file = join(top, "world.json");
  writeFileSync(file, JSON.stringify(names));
  const options = { python: await makePython(top), preload: ["leaky"] };
  const env = { CODEACT_WORLD: file };
  const strict = new PythonExecutor({
    ...options,
    env,
    sandbox: "strict",
    readablePaths: [directory, fileURLToPath(new URL("../src/runtime", import.meta.url))],
    memoryMb: 1024,
    maxProcesses: 32,
    maxFileSizeMb: 64,
  });
  // The host's variables are never passed on; what would follow if they were has to be seen.
  const none = new PythonExecutor({ ...options, env: { ...env, [secretVariable]: secret } });
  const secretFile = String(names["secret"]);
  return { strict: await openSide(strict, secretFile), none: await openSide(none, secretFile) };
}

/** An executor, and one of its sessions, which has what the others should not get. */
export interface Side {
  executor: PythonExecutor;
  names: Record<string, string | number>;
}

/** A virtual environment whose Python finds the attempts. */
async function makePython(top: string): Promise<string> {
  const environment = join(top, "venv");
  const make = ["-m", "venv", "--without-pip", "--system-site-packages", environment];
  await promisify(execFile)("python3", make);
  const [library = ""] = readdirSync(join(environment, "lib"));
  writeFileSync(join(environment, "lib", library, "site-packages/attempts.pth"), `${directory}\n`);
  return join(environment, "bin/python");
}

async function openSide(executor: PythonExecutor, secretFile: string): Promise<Side> {
  const sibling = await executor.start();
  const name = `sib${Math.random().toString(36).slice(2, 10)}`;
  await sibling.files.write("file", readFileSync(secretFile));
  await sibling.files.write("file.deletable", "x");
  const begin = [
    "import leaky, os, threading",
    // PR_SET_NAME, by which the host finds it.
    `leaky.toolbox.checked(leaky.toolbox.libc.prctl(15, b'${name}', 0, 0, 0))`,
    "threading.Thread(target=leaky.be_sibling, args=(os.getcwd(),), daemon=True).start()",
    "print(os.getcwd())",
  ].join("\n");
  const begun = await sibling.execute(begin);
  if (begun.status !== "ok") throw new Error(begun.error?.traceback);
  const workspace = textOf(begun).trim();
  const pid = findProcess(name);
  const supervisor = Number(/PPid:\t(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  const names = {
    sibling: pid,
    sibling_init: firstOfNamespace(pid, supervisor),
    sibling_workspace: workspace,
    sibling_file: `${workspace}/file`,
    marker_of_sibling: `${workspace}/marker`,
    supervisor,
  };
  return { executor, names };
}

function findProcess(name: string): number {
  const found = processes().find((pid) => read(`/proc/${pid}/comm`).trim() === name);
  if (found === undefined) throw new Error(`there is no process ${name}`);
  return found;
}

/** The first process of the namespace of a session; without one the session itself. */
function firstOfNamespace(pid: number, supervisor: number): number {
  try {
    const namespace = readlinkSync(`/proc/${pid}/ns/pid`);
    const found = processes().find(
      (other) =>
        other !== pid &&
        read(`/proc/${other}/status`).includes(`PPid:\t${supervisor}\n`) &&
        readlinkSync(`/proc/${other}/ns/pid`) === namespace,
    );
    return found ?? pid;
  } catch {
    // Not every user may look.
    return pid;
  }
}

function processes(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
