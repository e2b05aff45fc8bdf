import { packetKinds } from "../line/packet.js";
import { bootPython, importRuntime, PackageError, type PythonAssets } from "./boot.js";
import { installDevices } from "./devices.js";
import { describeEnd } from "./end.js";
import { limitFiles } from "./file-memory.js";
import { limitMemory, lockDown } from "./realm.js";
import type { PromisingFunction, PyodideAPI } from "./pyodide-package.js";
import type { StackSwitch } from "./stack-switch.js";
import type { WorkerLine } from "./worker-line.js";
import { WorkspaceSync } from "./workspace-sync.js";

/** What a worker is given at its start. */
export interface WorkerPlan {
  assets: PythonAssets;
  memoryLimitBytes: number;
  workspace: string;
  /** Bytes of all files that the host keeps a copy of. */
  maxWorkspaceBytes: number;
}

const main = `${importRuntime}
codeact_pyodide.session.main`;

/** What an interpreter runs by. */
export interface InterpreterMeans {
  line: WorkerLine;
  /** For a line that cannot block. */
  stack?: StackSwitch;
  /** Ends the worker at once: nothing that the code has left in this realm may run after it. */
  exit: () => void;
  /** The snapshot did not load; Python was started without. */
  onBadSnapshot?: () => void;
}

/** Runs one interpreter to its end, which the host is told by the last packet. */
export async function runInterpreter(
  plan: WorkerPlan,
  { line, stack, exit, onBadSnapshot }: InterpreterMeans,
): Promise<void> {
  limitMemory(plan.memoryLimitBytes);
  let reason: string;
  try {
    const python = await boot(plan.assets, stack, onBadSnapshot);
    limitFiles(python, plan.memoryLimitBytes);
    const sync = new WorkspaceSync(python.FS, plan.workspace, plan.maxWorkspaceBytes, (...change) =>
      line.sendFileChange(...change),
    );
    line.onFileChange((change, content) => sync.apply(change, content));
    installDevices(python.FS, line, () => sync.scan());
    python.setStdin({ stdin: () => null });
    python.setStdout(outputStream(line, packetKinds.stdout));
    python.setStderr(outputStream(line, packetKinds.stderr));
    python.setInterruptBuffer(line.interruptFlag);
    // It only begins when all of this is done, but what begins it is taken from the realm.
    const ending = stack?.run(python, python.runPython(main) as PromisingFunction);
    lockDown();
    if (ending === undefined) python.runPython(`${main}()`);
    else await ending;
    reason = "it ended";
  } catch (error) {
    reason = describeEnd(error);
  }
  line.sendEnd(reason);
  exit();
}

async function boot(
  assets: PythonAssets,
  stack: StackSwitch | undefined,
  onBadSnapshot: (() => void) | undefined,
): Promise<PyodideAPI> {
  try {
    return await bootPython(assets, { makeSnapshot: false, stack });
  } catch (error) {
    const isOther = error instanceof PackageError || assets.snapshot === undefined;
    if (isOther || onBadSnapshot === undefined) throw error;
    onBadSnapshot();
    const { snapshot: _, ...others } = assets;
    return bootPython(others, { makeSnapshot: false, stack });
  }
}

function outputStream(
  line: WorkerLine,
  kind: typeof packetKinds.stdout | typeof packetKinds.stderr,
) {
  return {
    write(bytes: Uint8Array): number {
      line.send(kind, bytes);
      return bytes.length;
    },
    isatty: false,
  };
}

/** Starts Python, and returns its memory with the runtime imported. */
export async function makeSnapshot(assets: PythonAssets): Promise<Uint8Array<ArrayBuffer>> {
  const python = await bootPython(assets, { makeSnapshot: true });
  python.runPython(importRuntime);
  return python.makeMemorySnapshot();
}
