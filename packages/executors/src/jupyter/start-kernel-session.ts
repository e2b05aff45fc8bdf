import { CodeActError, type ToolDeclaration } from "@codeact/core";
import { isObject } from "../bridge/frame-parser.js";
import type { JupyterServer } from "./jupyter-server.js";
import { KernelHandle } from "./kernel-handle.js";
import type { KernelSession } from "./kernel-session.js";
import { PlainKernel } from "./plain-kernel.js";
import { PythonKernel } from "./python-kernel.js";

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
  const { settings } = plan.server;
  const limit = new AbortController();
  const forward = () => limit.abort(signal.reason);
  signal.addEventListener("abort", forward, { once: true });
  const timer = setTimeout(() => limit.abort(late(plan.server)), settings.startTimeoutMs);
  try {
    signal.throwIfAborted();
    const kernel = await KernelHandle.open(plan.server, limit.signal);
    try {
      return await makeReady(kernel, plan, limit.signal);
    } catch (error) {
      await kernel.release();
      throw error;
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", forward);
  }
}

async function makeReady(
  kernel: KernelHandle,
  { server, tools, workspace }: KernelPlan,
  signal: AbortSignal,
): Promise<KernelSession> {
  const dying = new AbortController();
  const stop = () => dying.abort(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  kernel.listen({
    onMessage: () => undefined,
    onReconnected: () => undefined,
    onLost: (reason) => dying.abort(lost(server, reason)),
  });
  try {
    const info = await kernel.ask(
      { channel: "shell", type: "kernel_info_request", content: {} },
      dying.signal,
    );
    const language = info.content["language_info"];
    const name = isObject(language) ? String(language["name"]) : "unknown";
    const { settings } = server;
    if (name === "python") {
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

function late({ address, settings }: JupyterServer): CodeActError {
  return new CodeActError(
    "executor-start",
    `No kernel of ${address} was ready within ${settings.startTimeoutMs} ms. ` +
      "Raise the option `startTimeoutMs` of JupyterExecutor if its machines are slow.",
  );
}

function lost({ address }: JupyterServer, reason: string): CodeActError {
  return new CodeActError("executor-start", `A kernel of ${address} did not start: ${reason}.`);
}
