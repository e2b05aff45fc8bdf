import type { PromisingFunction, PyodideAPI } from "./pyodide-package.js";

/** JavaScript Promise Integration, as browsers have it; TypeScript does not know it yet. */
interface PromiseIntegration {
  Suspending: new (wait: () => Promise<number>) => () => number;
}

/** Decides what waits. */
export interface Waiter {
  /** Whether the call that has just returned has to wait. */
  mustWait(): boolean;
  /** Waits; gives the error number with which the call then returns, or 0. */
  wait(): Promise<number>;
}

type Call = (file: number, vectors: number, count: number, result: number) => number;

/**
 * Lets reads and writes of Python wait for the page, while the worker handles its messages. A call
 * of a JavaScript function can only be suspended if it may be in all cases, but Python also reads
 * where its stack cannot be switched. So a module stands in between, which decides:
 *
 * ```wat
 * (module
 *   (import "m" "c" (func $call (param i32 i32 i32 i32) (result i32)))
 *   (import "m" "m" (func $must_wait (result i32)))
 *   (import "m" "w" (func $wait (result i32)))
 *   (func (export "f") (param i32 i32 i32 i32) (result i32)
 *     (call $call (local.get 0) (local.get 1) (local.get 2) (local.get 3))
 *     (if (result i32) (call $must_wait) (then (call $wait)) (else (i32.const 0)))
 *     (i32.or)))
 * ```
 */
const gate = Uint8Array.of(
  0x00,
  0x61,
  0x73,
  0x6d,
  0x01,
  0x00,
  0x00,
  0x00,
  // Types: (i32 i32 i32 i32) → i32, and () → i32.
  0x01,
  0x0d,
  0x02,
  0x60,
  0x04,
  0x7f,
  0x7f,
  0x7f,
  0x7f,
  0x01,
  0x7f,
  0x60,
  0x00,
  0x01,
  0x7f,
  // Imports.
  0x02,
  0x13,
  0x03,
  0x01,
  0x6d,
  0x01,
  0x63,
  0x00,
  0x00,
  0x01,
  0x6d,
  0x01,
  0x6d,
  0x00,
  0x01,
  0x01,
  0x6d,
  0x01,
  0x77,
  0x00,
  0x01,
  // The function and its export.
  0x03,
  0x02,
  0x01,
  0x00,
  0x07,
  0x05,
  0x01,
  0x01,
  0x66,
  0x00,
  0x03,
  // Its code.
  0x0a,
  0x19,
  0x01,
  0x17,
  0x00,
  0x20,
  0x00,
  0x20,
  0x01,
  0x20,
  0x02,
  0x20,
  0x03,
  0x10,
  0x00,
  0x10,
  0x01,
  0x04,
  0x7f,
  0x10,
  0x02,
  0x05,
  0x41,
  0x00,
  0x0b,
  0x72,
  0x0b,
);

/** Switches Python's stack away while it waits, by JavaScript Promise Integration. */
export class StackSwitch {
  #waiter: Waiter | undefined;
  #python: PyodideAPI | undefined;

  /** Whether this browser can do it. */
  static get isSupported(): boolean {
    return "Suspending" in WebAssembly && "promising" in WebAssembly;
  }

  /** Not while JavaScript that Python called is on the stack. */
  get canSwitch(): boolean {
    return this.#python?._module.validSuspender.value === true;
  }

  onCall(waiter: Waiter): void {
    this.#waiter = waiter;
  }

  /** Puts the gate before the calls by which Python reads and writes. */
  async gateCalls(imports: WebAssembly.Imports): Promise<void> {
    const calls = imports["wasi_snapshot_preview1"] as { [name: string]: Call };
    for (const name of ["fd_read", "fd_write"]) {
      const call = calls[name];
      if (call !== undefined) calls[name] = await this.#gated(call);
    }
  }

  /** Calls a function of Python that may wait. */
  async run(python: PyodideAPI, callee: PromisingFunction): Promise<void> {
    this.#python = python;
    await callee.callPromising();
  }

  async #gated(call: Call): Promise<Call> {
    const { Suspending } = WebAssembly as unknown as PromiseIntegration;
    const { instance } = await WebAssembly.instantiate(gate, {
      m: {
        c: call,
        m: () => (this.canSwitch && this.#waiter?.mustWait() ? 1 : 0),
        w: new Suspending(async () => (await this.#waiter?.wait()) ?? 0) as WebAssembly.ImportValue,
      },
    });
    return instance.exports["f"] as Call;
  }
}
