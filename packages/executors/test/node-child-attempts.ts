import { execFileSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { parentPort, Worker, workerData } from "node:worker_threads";

/** What there is to get on the host. */
export interface ChildWorld {
  secret: string;
  directory: string;
  victim: number;
  port: number;
  /** Where datagrams are answered. */
  datagramPort: number;
  socketPath: string;
  pyodideDirectory: string;
}

const answerTimeoutMs = 3000;
const world = workerData as ChildWorld;

async function connects(where: { port: number } | { path: string }): Promise<boolean> {
  const socket = connect(where);
  await once(socket, "connect");
  socket.destroy();
  return true;
}

/** What code can do that has all of Node. An attempt succeeds when it returns true. */
const attempts: Record<string, () => boolean | Promise<boolean>> = {
  "reads Pyodide's files": () =>
    readFileSync(`${world.pyodideDirectory}/package.json`, "utf8").length > 0,
  "reads a file": () => readFileSync(`${world.directory}/secret`, "utf8") === world.secret,
  "lists a directory": () => readdirSync(world.directory).length > 0,
  "reads the list of users": () => readFileSync("/etc/passwd", "utf8").length > 0,
  "reads the environment of another process": () =>
    readFileSync(`/proc/${world.victim}/environ`, "utf8").includes(world.secret),
  "reads its own environment": () =>
    Object.values(process.env).some((value) => value?.includes(world.secret)),
  "writes a file": () => {
    writeFileSync(`${world.directory}/written`, "");
    return true;
  },
  "starts a process": () => execFileSync(process.execPath, ["--eval", ""]).length === 0,
  "reads a file in a worker": async () => {
    const text = `require("node:fs").readFileSync(${JSON.stringify(`${world.directory}/secret`)})`;
    const worker = new Worker(text, { eval: true, execArgv: [], env: {} });
    const [code] = (await once(worker, "exit")) as [number];
    return code === 0;
  },
  "loads a native library": () => {
    try {
      process.dlopen({ exports: {} }, process.execPath);
    } catch (error) {
      // It looks at the file, which is no library.
      return (error as { code?: string }).code === "ERR_DLOPEN_FAILED";
    }
    return true;
  },
  // oxlint-disable-next-line typescript/no-implied-eval -- it is what is tried.
  "makes code of a string": () => new Function("return 7")() === 7,
  "signals a process": () => process.kill(world.victim, 0),
  "connects to a port": () => connects({ port: world.port }),
  "connects to a socket": () => connects({ path: world.socketPath }),
  "sends a datagram": async () => {
    const socket = createSocket("udp4");
    socket.send("x", world.datagramPort, "127.0.0.1");
    await once(socket, "message", { signal: AbortSignal.timeout(answerTimeoutMs) });
    socket.close();
    return true;
  },
};

async function attemptAll(): Promise<void> {
  const outcomes: Record<string, boolean> = {};
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      outcomes[name] = await attempt();
    } catch {
      outcomes[name] = false;
    }
  }
  parentPort?.postMessage(outcomes);
}

// What an attempt leaves behind is no answer.
process.on("uncaughtException", () => {});
void attemptAll();
