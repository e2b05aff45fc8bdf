/** What the interpreter's code, and nothing else, finds in the global scope. */
const allowedNames: ReadonlySet<string> = new Set(
  `Object Array Promise Symbol Error TypeError RangeError SyntaxError ReferenceError URIError
  EvalError AggregateError Math JSON Number String Boolean BigInt Date RegExp Proxy Reflect Intl Map
  Set WeakMap WeakSet WeakRef FinalizationRegistry ArrayBuffer SharedArrayBuffer Atomics DataView
  Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array
  Float64Array BigInt64Array BigUint64Array Iterator NaN Infinity undefined isNaN isFinite parseInt
  parseFloat decodeURI decodeURIComponent encodeURI encodeURIComponent globalThis TextDecoder
  TextEncoder WebAssembly performance queueMicrotask setTimeout clearTimeout`.split(/\s+/),
);

const codeGenerators: readonly object[] = [
  function () {},
  async function () {},
  function* () {},
  async function* () {},
];

function refuseCode(): never {
  throw new TypeError("code generation is disabled");
}

/**
 * Takes Node away, before Pyodide is loaded: that finds a browser's worker and keeps no reference
 * to the file system, to processes or to sockets.
 */
export function becomeBrowserWorker(): void {
  for (const name of ["process", "require", "module", "exports", "global", "Buffer"]) {
    Reflect.deleteProperty(globalThis, name);
  }
  define("WorkerGlobalScope", { [Symbol.hasInstance]: () => true });
  define("self", globalThis);
  define("location", { href: assetOrigin, toString: () => assetOrigin });
}

/** Where Pyodide believes to load its files from; nothing is ever requested there. */
export const assetOrigin = "https://pyodide.invalid/";

/** Limits how far memory of WebAssembly can grow. Python then raises `MemoryError`. */
export function limitMemory(limitBytes: number): void {
  const { prototype } = WebAssembly.Memory;
  const grow = Reflect.get(prototype, "grow") as (
    this: WebAssembly.Memory,
    pages: number,
  ) => number;
  const pageBytes = 65_536;
  prototype.grow = function (pages: number) {
    if (this.buffer.byteLength + pages * pageBytes > limitBytes) {
      throw new RangeError("the memory limit is reached");
    }
    return grow.call(this, pages);
  };
}

/** Takes away what could lead out of the interpreter, before any code of the user runs. */
export function lockDown(): void {
  const random = globalThis.crypto;
  const fill = random.getRandomValues.bind(random);
  const isolatedCrypto = Object.freeze(
    Object.assign(Object.create(null), {
      getRandomValues: (view: Uint8Array<ArrayBuffer>) => fill(view),
    }),
  ) as Crypto;
  for (
    let scope: object | null = globalThis;
    scope !== null && scope !== Object.prototype;
    scope = Object.getPrototypeOf(scope) as object | null
  ) {
    for (const name of Object.getOwnPropertyNames(scope)) {
      if (allowedNames.has(name) || name === "constructor") continue;
      if (!Reflect.deleteProperty(scope, name))
        Reflect.defineProperty(scope, name, { value: undefined });
    }
  }
  // What Pyodide asks by `instanceof` must still be true.
  Object.defineProperty(refuseCode, "prototype", { value: Object.getPrototypeOf(refuseCode) });
  for (const generator of codeGenerators) {
    const prototype = Object.getPrototypeOf(generator) as object;
    Object.defineProperty(prototype, "constructor", { value: refuseCode, writable: false });
  }
  define("Function", refuseCode);
  // Emscripten calls it; an exception there would end Python.
  define("eval", () => undefined);
  define("crypto", isolatedCrypto);
  // Node's own objects lead to more of Node. No timer ever fires: Python runs until the worker ends.
  const { timeOrigin } = performance;
  const now = performance.now.bind(performance);
  define("performance", Object.freeze({ timeOrigin, now: () => now() }));
  define("setTimeout", () => 0);
  define("clearTimeout", () => undefined);
  define("console", silentConsole());
}

/** A worker's console writes on the host's own output. */
function silentConsole(): Console {
  const names = ["log", "info", "warn", "error", "debug", "trace"];
  return Object.fromEntries(names.map((name) => [name, () => {}])) as unknown as Console;
}

function define(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
}
