import { CodeActError, type ExecuteOptions, type ToolDeclaration } from "@codeact/core";
import { InterruptLadder } from "../bridge/interrupt-ladder.js";
import { defaultMaxOutputBytes } from "../bridge/output-collector.js";
import { KeptOutput } from "../bridge/kept-output.js";
import { ProtocolError } from "../bridge/protocol-error.js";
import { type CellEnd, RunningCell } from "../bridge/running-cell.js";
import { readRuntimeFrame, type ToolCallFrame } from "../bridge/runtime-frame.js";
import { refuseStrayCall } from "../bridge/tool-calls.js";
import { isObject } from "../bridge/frame-parser.js";
import { jupyterBootstrap, jupyterModules } from "../runtime-modules/jupyter-modules.js";
import { ControlRequests, listOf } from "./control-requests.js";
import type { JupyterSettings } from "./jupyter-options.js";
import type { KernelHandle } from "./kernel-handle.js";
import type { KernelMessage, Members } from "./kernel-message.js";
import type { KernelSession } from "./kernel-session.js";
import { type NumberedOutput, OrderedOutput } from "./ordered-output.js";
import {
  countOf,
  displayOf,
  executeContent,
  problemOf,
  readOutput,
  textOf,
} from "./kernel-content.js";
import { ToolExchanges } from "./tool-exchanges.js";

/** What a session in a Python kernel needs. */
export interface PythonKernelOptions {
  settings: JupyterSettings;
  tools: readonly ToolDeclaration[];
  /** The workspace of the interpreter, if it has one already. */
  workspace: string | undefined;
}

/** How long output may be behind the tool call that it came before. */
const outputPatienceMs = 3000;
/** How long the last output may come after the end of its cell was told. */
const lastOutputMs = 300;
/** How long the answer may come after the kernel said that it is idle. */
const answerPatienceMs = 1000;
const replayTimeoutMs = 5000;
const goodbyeTimeoutMs = 2000;
/** A running cell from which nothing is heard for so long is asked for. */
const silenceMs = 10_000;
const maxIdleOutputBytes = 65_536;
const maxCatchUps = 3;

const lostOutputNote = "\n[Some output was lost on its way from the kernel.]\n";

/** A session of our runtime in a Python kernel. */
export class PythonKernel implements KernelSession {
  readonly control: ControlRequests;
  readonly #kernel: KernelHandle;
  readonly #options: PythonKernelOptions;
  readonly #nonce: string = crypto.randomUUID();
  readonly #toolNames: ReadonlySet<string>;
  readonly #exchanges: ToolExchanges;
  readonly #output: OrderedOutput;
  #idleOutput = new KeptOutput(maxIdleOutputBytes);
  #workspace: string | undefined;
  #cell: RunningCell | undefined;
  #maxOutputBytes = defaultMaxOutputBytes;
  #executeId: string | undefined;
  #isEnding = false;
  #ladder: InterruptLadder | undefined;
  #catchingUp: Promise<void> | undefined;
  #heardAtMs = 0;
  #ending: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setInterval> | undefined;
  #renewing: ReturnType<typeof setInterval> | undefined;
  #closed: Promise<void> | undefined;

  private constructor(kernel: KernelHandle, options: PythonKernelOptions) {
    this.#kernel = kernel;
    this.#options = options;
    this.#toolNames = new Set(options.tools.map((tool) => tool.name));
    this.control = new ControlRequests(kernel.connection, this.#nonce);
    this.#output = new OrderedOutput(
      (output) => this.#takeOutput(output),
      () => void this.#catchUp(),
    );
    this.#exchanges = new ToolExchanges({
      dispatch: (calls, after) => void this.#dispatch(calls, after),
      reply: (parentHeader, value, buffers) => {
        const content = { status: "ok", value };
        const type = "input_reply";
        kernel.connection.send({ channel: "stdin", type, content, parentHeader, buffers });
      },
    });
  }

  /**
   * Starts the runtime in a Python kernel.
   * @throws CodeActError with code `executor-start`, or `signal.reason`.
   */
  static async start(
    kernel: KernelHandle,
    options: PythonKernelOptions,
    signal: AbortSignal,
  ): Promise<PythonKernel> {
    const session = new PythonKernel(kernel, options);
    kernel.listen({
      onMessage: (message) => session.#take(message),
      onReconnected: () => session.#afterReconnection(),
      onLost: (reason) => session.#lose(reason),
    });
    await session.#begin(signal);
    return session;
  }

  get lostReason(): string | undefined {
    return this.#kernel.lostReason;
  }

  get workspace(): string | undefined {
    return this.#workspace;
  }

  cell(number: number, code: string, options: ExecuteOptions): RunningCell {
    this.#maxOutputBytes = options.maxOutputBytes ?? defaultMaxOutputBytes;
    return new RunningCell(number, code, options, {
      toolNames: this.#toolNames,
      send: (frame) => this.#exchanges.answer(frame),
      onUnblocked: () => undefined,
      onStop: () => this.#stop(),
    });
  }

  async run(cell: RunningCell): Promise<CellEnd> {
    this.#cell = cell;
    this.#isEnding = false;
    cell.output.addEarlier(this.#idleOutput.finish());
    this.#idleOutput = new KeptOutput(maxIdleOutputBytes);
    try {
      this.#execute(cell);
      cell.startClock();
      this.#watchSilence(cell);
      return await cell.ended;
    } finally {
      clearInterval(this.#watch);
      clearTimeout(this.#ending);
      this.#ladder?.cancel();
      this.#ladder = undefined;
      this.#cell = undefined;
      this.#executeId = undefined;
      this.#exchanges.clear();
    }
  }

  close(reason: string, workspace: "keep" | "remove"): Promise<void> {
    this.#closed ??= this.#close(reason, workspace);
    return this.#closed;
  }

  async #begin(signal: AbortSignal): Promise<void> {
    const { settings, tools, workspace } = this.#options;
    const { isOwn } = this.#kernel;
    const { orphanTimeoutMs } = settings;
    const hasLease = isOwn && orphanTimeoutMs !== Infinity;
    const hello = {
      nonce: this.#nonce,
      tools,
      workspace: workspace ?? settings.workspace ?? null,
      ownsWorkspace: isOwn && settings.workspace === undefined,
      env: settings.env,
      leaseSeconds: hasLease ? orphanTimeoutMs / 1000 : null,
    };
    const payload = { nonce: this.#nonce, modules: jupyterModules, hello };
    const answer = await this.#kernel.ask(
      {
        channel: "shell",
        type: "execute_request",
        content: executeContent(jupyterBootstrap, true),
        metadata: { codeact: payload },
      },
      signal,
    );
    const ready = answer.metadata["codeact"];
    if (!isObject(ready) || typeof ready["workspace"] !== "string") {
      throw new CodeActError(
        "executor-start",
        `The runtime does not start in the kernel: ${problemOf(answer)}.`,
      );
    }
    this.#workspace = ready["workspace"];
    if (hasLease) {
      this.#renewing = setInterval(
        () => this.control.notify({ operation: "renew" }),
        orphanTimeoutMs / 4,
      );
    }
  }

  #execute(cell: RunningCell): void {
    const maxOutputBytes = this.#maxOutputBytes;
    this.#executeId = this.#kernel.connection.send({
      channel: "shell",
      type: "execute_request",
      content: executeContent(cell.code, false),
      metadata: { codeact: { nonce: this.#nonce, cell: cell.number, maxOutputBytes } },
    });
  }

  #take(message: KernelMessage): void {
    const { channel, header, parentHeader, metadata, content } = message;
    this.#heardAtMs = performance.now();
    const type = header["msg_type"];
    if (channel === "stdin" && type === "input_request") this.#exchanges.take(message);
    else if (channel === "control") {
      if (type === "codeact_reply") this.control.take(message);
    } else if (channel === "iopub") {
      const ours = metadata["codeact"];
      if (isObject(ours)) this.#output.add(readOutput({ ...ours, type, content }));
      else if (type === "status" && content["execution_state"] === "idle") {
        if (parentHeader["msg_id"] === this.#executeId) this.#expectAnswer();
      }
    } else if (type === "execute_reply" && parentHeader["msg_id"] === this.#executeId) {
      const report = metadata["codeact"];
      if (isObject(report)) this.#takeReport(report);
      else this.#expectAnswer();
    }
  }

  #takeOutput(numbered: NumberedOutput): void {
    if (numbered.lost > 0) this.#countLost(numbered.lost);
    const output = this.#cell?.output ?? this.#idleOutput;
    if (numbered.type === "stream") output.addText(...textOf(numbered.content));
    else output.addDisplay(...displayOf(numbered.type, numbered.content));
  }

  #countLost(droppedBytes: number): void {
    this.#cell?.output.addEarlier({ outputs: [], droppedBytes });
  }

  async #dispatch(calls: readonly ToolCallFrame[], after: number): Promise<void> {
    await this.#output.reached(after, outputPatienceMs);
    try {
      for (const call of calls) {
        if (this.#cell?.number === call.cell) this.#cell.calls.dispatch(call);
        else this.#exchanges.answer(refuseStrayCall(call.id));
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      void this.#kill(error.message);
    }
  }

  /** The cell has ended, as its report tells; its last output may still be on its way. */
  #takeReport(report: Members): void {
    const cell = this.#cell;
    if (cell === undefined || this.#isEnding || report["cell"] !== cell.number) return;
    const header = report;
    const done = readRuntimeFrame({ header, blobs: [], headerLength: 0, mayHoldTags: false });
    if (done.type !== "done") throw new ProtocolError("the end of a cell was malformed");
    this.#isEnding = true;
    const end = () => {
      this.#countLost(countOf(report["lost"]));
      cell.end({ type: "done", done });
    };
    const number = countOf(report["number"]);
    if (this.#output.last >= number) end();
    else void this.#completeOutput(cell, number).then(end);
  }

  async #completeOutput(cell: RunningCell, number: number): Promise<void> {
    await this.#output.reached(number, lastOutputMs);
    if (this.#output.last < number) await this.#catchUp();
    if (this.#output.skipTo(number)) this.#noteLoss(cell);
  }

  #noteLoss(cell: RunningCell | undefined): void {
    cell?.output.addText("stderr", Buffer.from(lostOutputNote));
  }

  /** The kernel is done with the cell: its answer must come, or is lost. */
  #expectAnswer(): void {
    const cell = this.#cell;
    if (cell === undefined) return;
    clearTimeout(this.#ending);
    this.#ending = setTimeout(() => {
      if (!this.#isEnding) void this.#settle(cell);
    }, answerPatienceMs);
  }

  async #settle(cell: RunningCell): Promise<void> {
    await this.#catchUp();
    if (cell !== this.#cell || this.#isEnding) return;
    if (cell.stopReason === undefined) {
      void this.#kill("the kernel ended the cell without an answer");
      return;
    }
    // An interrupt struck ipykernel itself, which then answers nothing.
    this.#isEnding = true;
    const done = { type: "done", cell: cell.number, status: "interrupted" } as const;
    cell.end({ type: "done", done: { ...done, error: undefined, mark: 0 } });
  }

  #afterReconnection(): void {
    this.control.repeat();
    void this.#catchUp(true);
  }

  /** Asks the runtime for what did not arrive: output, and the end of the cell. */
  #catchUp(mayRepeat = false): Promise<void> {
    this.#catchingUp ??= this.#askForMissing(mayRepeat).finally(() => {
      this.#catchingUp = undefined;
    });
    return this.#catchingUp;
  }

  async #askForMissing(mayRepeat: boolean): Promise<void> {
    const cell = this.#cell;
    for (let attempt = 0; attempt < maxCatchUps && cell === this.#cell; attempt++) {
      const members = { after: this.#output.last };
      let content: Members;
      try {
        const request = { operation: "replay", members, timeoutMs: replayTimeoutMs };
        ({ content } = await this.control.request(request));
      } catch {
        // Either the connection is dead, or the kernel is in C code that lets no thread run.
        if (this.lostReason !== undefined || cell === undefined) return;
        this.#kernel.connection.renew();
        continue;
      }
      this.#takeReplay(cell, content, mayRepeat);
      return;
    }
  }

  #takeReplay(cell: RunningCell | undefined, content: Members, mayRepeat: boolean): void {
    if (this.#output.fill(listOf(content["messages"]).map(readOutput))) this.#noteLoss(cell);
    if (cell === undefined || cell !== this.#cell) return;
    const report = content["report"];
    if (isObject(report)) this.#takeReport(report);
    else if (
      mayRepeat &&
      countOf(content["begun"]) < cell.number &&
      cell.stopReason === undefined
    ) {
      // The kernel refuses it if the first one arrives after all.
      this.#execute(cell);
    }
  }

  #watchSilence(cell: RunningCell): void {
    this.#heardAtMs = performance.now();
    this.#watch = setInterval(() => {
      if (cell === this.#cell && performance.now() - this.#heardAtMs >= silenceMs) {
        this.#heardAtMs = performance.now();
        void this.#catchUp(true);
      }
    }, silenceMs / 4);
  }

  /** Goes through the ways to end the running cell. */
  #stop(): void {
    const cell = this.#cell;
    if (cell === undefined || this.lostReason !== undefined) return;
    const { interruptGraceMs } = this.#options.settings;
    const ask = (withChildren: boolean) =>
      this.control.notify({ operation: "interrupt", members: { cell: cell.number, withChildren } });
    this.#ladder = new InterruptLadder(interruptGraceMs, {
      ask: () => ask(false),
      signal: () => ask(true),
      kill: () => void this.#kill(`killed, for it did not stop within ${interruptGraceMs} ms`),
    });
  }

  /** Ends the kernel now; its workspace stays for the next one. */
  async #kill(reason: string): Promise<void> {
    this.control.notify({ operation: "kill" });
    this.#closed ??= this.#end(reason, () => this.#kernel.kill());
    await this.#closed;
  }

  async #close(reason: string, workspace: "keep" | "remove"): Promise<void> {
    if (this.lostReason === undefined) {
      const members = { removeWorkspace: workspace === "remove" };
      const request = { operation: "close", members, timeoutMs: goodbyeTimeoutMs };
      // A kernel that does not answer is shut down all the same.
      await this.control.request(request).catch(() => undefined);
    }
    await this.#end(reason, () => this.#kernel.release());
  }

  async #end(reason: string, act: () => Promise<void>): Promise<void> {
    this.#kernel.lose(reason);
    this.#lose(reason);
    await act();
  }

  #lose(reason: string): void {
    clearInterval(this.#renewing);
    this.control.close(reason);
    this.#output.close();
    this.#cell?.output.release();
    this.#cell?.end({ type: "lost", reason });
  }
}
