import { spawnSync } from "node:child_process";

/**
 * Commands that stand in for the ways to a Python elsewhere. Each ends with the interpreter, as
 * the option `command` wants it.
 */
export const wrappers = {
  /** A login shell that greets before it runs anything. */
  banner: ["sh", "-c", 'echo "Welcome to far away."; echo; exec "$@"', "--", "python3"],
  /** As `ssh` does: joins its arguments by spaces, and a shell at the other end takes them apart. */
  ssh: ["sh", "-c", 'shift; exec sh -c "$*"', "ssh", "host", "python3"],
  /** Through two machines. */
  twoHops: [
    "sh",
    "-c",
    'exec sh -c "$*"',
    "ssh",
    "sh",
    "-c",
    "'exec sh -c \"$*\"'",
    "ssh",
    "python3",
  ],
  /** Leaves nothing of the environment. */
  emptyEnvironment: ["env", "-i", realPython()],
  /** Leaves at once; another process goes on. */
  ownSession: ["sh", "-c", 'setsid "$@"', "--", "python3"],
  /** Namespaces of its own, and a root directory that cannot be written. */
  bubblewrap: [
    ..."bwrap --unshare-all --die-with-parent --ro-bind / / --dev /dev --proc /proc".split(" "),
    ..."--tmpfs /tmp --setenv TMPDIR /tmp --chdir /".split(" "),
    realPython(),
  ],
  /** Another user. */
  otherUser: [
    ..."setpriv --reuid=65534 --regid=65534 --clear-groups --".split(" "),
    "/usr/bin/python3",
  ],
  /** Another user, through a login shell. */
  switchedUser: ["su", "nobody", "-s", "/bin/sh", "-c", 'exec /usr/bin/python3 "$@"', "--", "sh"],
} as const satisfies Record<string, readonly string[]>;

/** All ways at once. */
export function chain(inNamespaces: boolean): readonly string[] {
  const last = inNamespaces ? wrappers.bubblewrap : [realPython()];
  const greeting = 'echo "Welcome to far away."; echo; exec "$@"';
  return ["sh", "-c", greeting, "--", "setsid", "--wait", "env", "-i", ...last];
}

/** Whether a command works on this machine. */
export function runs(command: readonly string[]): boolean {
  const [program = "", ...rest] = command;
  // `-c pass` would be taken apart by the shells in between.
  const options = { stdio: "ignore", timeout: 20_000 } as const;
  return spawnSync(program, [...rest, "--version"], options).status === 0;
}

const image = "python:3.12-slim";

/** A Python in a container, where an engine is present and has the image; else what is missing. */
export function container(): { command: readonly string[]; missing?: string } {
  const missing: string[] = [];
  for (const engine of ["docker", "podman"]) {
    const isThere = (...args: string[]) =>
      spawnSync(engine, args, { stdio: "ignore", timeout: 10_000 }).status === 0;
    if (!isThere("info")) missing.push(`${engine} is not running`);
    else if (!isThere("image", "inspect", image)) missing.push(`run \`${engine} pull ${image}\``);
    else return { command: [engine, "run", "-i", "--rm", "--network=none", image, "python3"] };
  }
  return { command: [], missing: missing.join(", ") };
}

/** The interpreter itself: what is on `PATH` may be a shim that needs its environment. */
export function realPython(): string {
  const asked = spawnSync("python3", ["-c", "import sys; print(sys.executable)"]);
  return asked.stdout.toString().trim();
}
