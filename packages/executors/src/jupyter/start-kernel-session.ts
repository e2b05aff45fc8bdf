import { CodeActError, type ToolDeclaration } from "@codeact/core";
import { isObject } from "../bridge/frame-parser.js";
import type { JupyterServer } from "./jupyter-server.js";
import { KernelHandle } from "./kernel-handle.js";
import type { KernelSession } from "./kernel-session.js";
import { PlainKernel } from "./plain-kernel.js";
import { PythonKernel } from "./python-kernel.js";
import { GoneKernelError } from "./gone-kernel-error.js";
import { StartLimit } from "./start-limit.js";

/** How many kernels are started before one is ready, where they die at their start. */
const maxKernels = 3;

/** What every kernel of an interpreter is started with. */
export interface KernelPlan {
  server: JupyterServer;
  tools: readonly ToolDeclaration[];
  /** The workspace that an earlier kernel of the interpreter made. */
  workspace: string | undefined;
}

/**
 * Starts a kernel, or attaches to one, and makes it ready for cells.
 * @throws CodeActError with code `executor-start`, `unsupported` where tools are declared for
 * another language than Python, or `signal.reason`.
 */
export async function startKernelSession(
  plan: KernelPlan,
  signal: AbortSignal,
): Promise<KernelSession> {
  const limit = new StartLimit(plan.server, signal);
  try {
    signal.throwIfAborted();
    for (let attempt = 1; ; attempt++) {
      try {
        return await startOnce(plan, limit);
      } catch (error) {
        // Kernels that start at the same moment take each other's ports, and one of them dies.
        const isOwn = plan.server.settings.kernelId === undefined;
        const mayTry = isOwn && attempt < maxKernels && !limit.signal.aborted;
        if (!(error instanceof GoneKernelError && mayTry)) throw error;
      }
    }
  } finally {
    limit.end();
  }
}

async function startOnce(plan: KernelPlan, limit: StartLimit): Promise<KernelSession> {
  const kernel = await KernelHandle.open(plan.server, limit);
  try {
    return await makeReady(kernel, plan, limit);
  } catch (error) {
    // Why it is of no use is what the caller has to know; what is left is tried again later.
    await kernel.release().catch(() => undefined);
    throw error;
  }
}

async function makeReady(
  kernel: KernelHandle,
  { server, tools, workspace }: KernelPlan,
  limit: StartLimit,
): Promise<KernelSession> {
  const { signal } = limit;
  const dying = new AbortController();
  const stop = () => dying.abort(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  kernel.listen({
    onMessage: () => undefined,
    onReconnected: () => undefined,
    onLost: (reason) => dying.abort(lost(server, reason)),
  });
  try {
    limit.await(`its kernel ${kernel.id} was started and does not answer`);
    const info = await kernel.ask(
      { channel: "shell", type: "kernel_info_request", content: {} },
      dying.signal,
    );
    const language = info.content["language_info"];
    const name = isObject(language) ? String(language["name"]) : "unknown";
    const { settings } = server;
    if (name === "python") {
      limit.await(`the runtime does not start in its kernel ${kernel.id}`);
      return await PythonKernel.start(kernel, { settings, tools, workspace }, dying.signal);
    }
    if (tools.length > 0) {
      throw new CodeActError(
        "unsupported",
        `The kernel ${kernel.id} of ${server.address} speaks ${name}. Tools need a Python kernel: ` +
          "choose one by the option `kernelName`, or start without tools.",
      );
    }
    return new PlainKernel(kernel, server);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function lost({ address }: JupyterServer, reason: string): GoneKernelError {
  return new GoneKernelError(`A kernel of ${address} did not start: ${reason}.`);
}
