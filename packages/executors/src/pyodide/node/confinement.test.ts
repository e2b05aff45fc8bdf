import { execFile, type ExecFileOptions, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import type { ChildWorld } from "../../../test/node-child-attempts.js";
// oxlint-disable-next-line import/default -- the loader of programs gives it one.
import attempts from "../../../test/node-child-attempts.ts?program";
// oxlint-disable-next-line import/default -- as above.
import launcher from "../../../test/node-child-launcher.ts?program";
import { allConfinements, describeFailure, findConfinement } from "./confinement.js";
import { childCommand } from "./isolated-process.js";
import { loadPyodidePackage } from "./python-files.js";

const secret = `secret-of-the-host-${process.pid}`;
const directory = realpathSync(mkdtempSync(join(tmpdir(), "confinement-test-")));
const { directory: pyodideDirectory } = await loadPyodidePackage();
const confinements = await allConfinements(pyodideDirectory);
if (process.platform === "linux" && confinements.length === 0) {
  console.warn("\n*** Confinement of Pyodide's processes is NOT TESTED on this machine. ***\n");
}
writeFileSync(join(directory, "secret"), secret);
const port = createServer((socket) => socket.destroy()).listen(0);
const socketPath = join(directory, "socket");
const socket = createServer((connection) => connection.destroy()).listen(socketPath);
const datagrams = createSocket("udp4").bind(0, "127.0.0.1");
datagrams.on("message", (content, { port: from }) => datagrams.send(content, from, "127.0.0.1"));
await Promise.all([port, socket, datagrams].map((each) => once(each, "listening")));
const victim = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1000)"], {
  env: { ...process.env, CODEACT_TEST_SECRET: secret },
});
const world: ChildWorld = {
  secret,
  directory,
  victim: victim.pid ?? 0,
  port: (port.address() as AddressInfo).port,
  datagramPort: datagrams.address().port,
  socketPath,
  pyodideDirectory,
};

afterAll(async () => {
  port.close();
  socket.close();
  datagrams.close();
  const closed = once(victim, "close");
  victim.kill("SIGKILL");
  await closed;
  rmSync(directory, { recursive: true });
});

type Outcomes = Record<string, boolean>;

async function attemptIn([program, ...rest]: [string, ...string[]], env: NodeJS.ProcessEnv) {
  const all = [...rest, "--", attempts, JSON.stringify(world)];
  const { stdout } = await promisify(execFile)(program, all, { env, timeout: 60_000 });
  return JSON.parse(stdout) as Outcomes;
}

const open = await attemptIn([process.execPath, "--eval", launcher], {
  ...process.env,
  CODEACT_TEST_SECRET: secret,
});
const permitted = await attemptIn(
  childCommand({ pyodideDirectory, confinement: undefined }, launcher),
  {},
);
const allowed = "reads Pyodide's files";
/** What no permission of Node covers, so that only the operating system closes it. */
const ofSystem = [
  "signals a process",
  "connects to a port",
  "connects to a socket",
  "sends a datagram",
];
const isLinux = process.platform === "linux";

describe("a program that does not confine", () => {
  const failureOf = async (script: string, options: ExecFileOptions = {}) => {
    const trial = promisify(execFile)(process.execPath, ["--eval", script], options);
    const error: unknown = await trial.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return describeFailure("bwrap", error);
  };
  const unavailable = "Creating new namespace failed: Resource temporarily unavailable";

  it.each([
    ["took too long", "setInterval(() => {}, 1000)", { timeout: 1 }],
    ["was killed", 'process.kill(process.pid, "SIGKILL")', {}],
    ["found too few resources", `console.error("${unavailable}"); process.exit(1)`, {}],
  ])("is tried again where it %s", async (_, script, options) => {
    expect(await failureOf(script, options)).toMatchObject({ isPassing: true });
  });

  it("is not tried again where it was refused", async () => {
    const script = 'console.error("No permissions to create a new namespace"); process.exit(1)';
    expect(await failureOf(script)).toEqual({
      reason: "bwrap failed: No permissions to create a new namespace",
      isPassing: false,
    });
  });

  it("is stopped with the start that it was for", async () => {
    const stopping = new AbortController();
    const finding = findConfinement(directory, false, stopping.signal);
    stopping.abort(new Error("given up"));
    await expect(finding).rejects.toThrow("given up");
  });
});

describe("code that has all of Node in an interpreter's process", () => {
  it.each(Object.keys(open))("could elsewhere: %s", (name) => {
    if (isLinux || !name.includes("another process")) expect(open[name]).toBe(true);
  });

  it("may read Pyodide's files", () => {
    expect(permitted[allowed]).toBe(true);
  });

  it.each(Object.keys(open).filter((name) => name !== allowed && !ofSystem.includes(name)))(
    "cannot by the permission model: %s",
    (name) => {
      expect(permitted[name]).toBe(false);
    },
  );

  for (const confinement of confinements) {
    it(`cannot, with ${confinement.command[0]}`, async () => {
      const outcomes = await attemptIn(
        childCommand({ pyodideDirectory, confinement }, launcher),
        {},
      );
      // Newer versions of Node have a permission for the network, too.
      const open = confinement.description.includes("no files") ? [] : ["connects to a socket"];
      const possible = Object.keys(outcomes).filter((name) => outcomes[name]);
      expect(possible.filter((name) => !open.includes(name))).toEqual([allowed]);
    });
  }
});
