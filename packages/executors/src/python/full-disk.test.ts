import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleExecutor } from "../../test/host-script.js";
import { modes } from "../../test/modes.js";

/** A file system of 4 MB, which only the command and what it starts can see. */
const mount = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"];
const inside = 'mount -t tmpfs -o size=4m tmpfs "$TMPDIR" && exec "$@"';

const check = spawnSync("unshare", [...mount.slice(1), inside, "--", "true"], {
  env: { ...process.env, TMPDIR: "/mnt" },
});
const canMount = check.status === 0;
if (!canMount) console.warn(`\n*** A full disk is NOT TESTED: ${check.stderr?.toString()} ***\n`);

/** Fills the disk in every way, and tells what came of it; then frees it and goes on. */
const program = `
import { PythonExecutor } from "./python.mjs";
const executor = new PythonExecutor(JSON.parse(process.argv[2]));
const python = await executor.start();
const settle = (promise) => promise.then(() => "ok", ({ code, message }) => ({ code, message }));
const told = {};
await python.execute("kept = 41; open('small', 'w').write('x')");
const fill = "f = open('big', 'wb', buffering=0)\\nwhile True: f.write(bytes(65536))";
const filled = await python.execute(fill);
told.cell = [filled.status, filled.state, filled.error?.message];
const rest = "try:\\n    while True: f.write(b'x')\\nexcept OSError: pass";
await python.execute(rest);
told.write = await settle(python.files.write("more", "x".repeat(100_000)));
told.read = String(Buffer.from(await python.files.read("small")));
if (python.fork) told.fork = await settle(python.fork());
if (python.fork) told.share = await settle(python.fork({ workspace: "share" }).then((branch) => branch.close()));
told.kept = (await python.execute("kept + 1")).outputs[0].data["text/plain"];
// The space is free when nobody has the file open.
await python.execute("f.close()");
await python.files.remove("big");
told.later = await settle(python.files.write("more", "x".repeat(100_000)));
await executor.close();
console.log(JSON.stringify(told));
`;

describe.skipIf(!canMount).each(modes)("a full disk in mode $mode", ({ options }) => {
  let directory: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "full-disk-test-"));
    mkdirSync(join(directory, "disk"));
    await bundleExecutor(directory);
    writeFileSync(join(directory, "host.mjs"), program);
  });

  afterAll(() => rmSync(directory, { recursive: true }));

  it("is a clear error of what needed it, and nothing is lost", async () => {
    const script = [process.execPath, join(directory, "host.mjs"), JSON.stringify(options)];
    const [first = "", ...rest] = [...mount, inside, "--", ...script];
    const host = spawn(first, rest, {
      env: { ...process.env, TMPDIR: join(directory, "disk") },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    for await (const piece of host.stdout) text += String(piece);
    const told = JSON.parse(text) as { [what: string]: unknown };
    const isFull = {
      code: "workspace-file",
      message: 'Cannot write "more" in the workspace: the disk is full.',
    };
    const isNotCopied = {
      code: "fork",
      message: expect.stringMatching(
        /Cannot copy the workspace.*ENOSPC.*Free some space/,
      ) as string,
    };
    expect(told).toEqual({
      cell: ["error", "kept", expect.stringContaining("No space left on device")],
      write: isFull,
      read: "x",
      ...("fork" in told && { fork: isNotCopied, share: "ok" }),
      kept: "42",
      later: "ok",
    });
  });
});
