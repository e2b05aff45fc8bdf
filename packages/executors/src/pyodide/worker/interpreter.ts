import { packetKinds } from "../line/packet.js";
import { SharedLine } from "../line/shared-line.js";
import { bootPython, importRuntime, type PythonAssets } from "./boot.js";
import { installDevices } from "./devices.js";
import { describeEnd } from "./end.js";
import { limitMemory, lockDown } from "./realm.js";
import { WorkerLine } from "./worker-line.js";
import { WorkspaceSync } from "./workspace-sync.js";

/** What a worker is given at its start. */
export interface WorkerPlan {
  assets: PythonAssets;
  memory: SharedArrayBuffer;
  memoryLimitBytes: number;
  workspace: string;
  /** Bytes of all files that the host keeps a copy of. */
  maxWorkspaceBytes: number;
}

const main = `${importRuntime}
codeact_pyodide.session.main()
`;

/**
 * Runs one interpreter to its end, which the host is told by the last packet. `exit` ends the worker at
 * once: nothing that the code has left in this realm may run after it.
 */
export async function runInterpreter(
  plan: WorkerPlan,
  tellHost: () => void,
  exit: () => void,
): Promise<void> {
  const line = new WorkerLine(new SharedLine(plan.memory), tellHost);
  limitMemory(plan.memoryLimitBytes);
  let reason: string;
  try {
    const python = await bootPython(plan.assets, { makeSnapshot: false });
    const sync = new WorkspaceSync(python.FS, plan.workspace, plan.maxWorkspaceBytes, (...change) =>
      line.sendFileChange(...change),
    );
    line.onFileChange((change, content) => sync.apply(change, content));
    installDevices(python.FS, line, () => sync.scan());
    python.setStdin({ stdin: () => null });
    python.setStdout(outputStream(line, packetKinds.stdout));
    python.setStderr(outputStream(line, packetKinds.stderr));
    python.setInterruptBuffer(line.interruptFlag);
    lockDown();
    python.runPython(main);
    reason = "it ended";
  } catch (error) {
    reason = describeEnd(error);
  }
  line.sendEnd(reason);
  exit();
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
