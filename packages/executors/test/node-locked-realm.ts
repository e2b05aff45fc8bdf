import { parentPort, workerData } from "node:worker_threads";
import { becomeBrowserWorker, limitMemory, lockDown } from "../src/pyodide/worker/realm.js";

type Realm = Record<string, never> & { [name: string]: unknown };

/** The global scope, whatever of it is still there. */
const scope = globalThis as unknown as Realm;

/** Runs code from a string by what makes functions of a kind. */
function bySource(kind: object): boolean {
  const make = (Object.getPrototypeOf(kind) as { constructor: (code: string) => () => unknown })
    .constructor;
  const made = make("return 7")();
  return made === 7 || (typeof made === "object" && made !== null);
}

function has(name: string): boolean {
  return scope[name] !== undefined;
}

const pageBytes = 65_536;
const limitBytes = 64 * 1_048_576;

/**
 * What code could do in a worker's realm if it had all of JavaScript there. An attempt succeeds when it
 * returns true.
 */
const attempts: Record<string, () => boolean> = {
  process: () => has("process"),
  require: () => has("require"),
  module: () => has("module"),
  Buffer: () => has("Buffer"),
  global: () => has("global"),
  fetch: () => has("fetch"),
  Request: () => has("Request"),
  Headers: () => has("Headers"),
  MessageChannel: () => has("MessageChannel"),
  BroadcastChannel: () => has("BroadcastChannel"),
  URL: () => has("URL"),
  Blob: () => has("Blob"),
  setInterval: () => has("setInterval"),
  setImmediate: () => has("setImmediate"),
  structuredClone: () => has("structuredClone"),
  EventTarget: () => has("EventTarget"),
  AbortController: () => has("AbortController"),
  "crypto.subtle": () => crypto.subtle !== undefined,
  "the console's streams": () => Reflect.get(console, "_stdout") !== undefined,
  "a timer's object": () => typeof setTimeout(() => {}, 0) === "object",
  "the timings of Node": () => Reflect.get(performance, "nodeTiming") !== undefined,
  "the class of performance": () => performance.constructor !== Object,
  "what other realms share": () =>
    Object.getOwnPropertySymbols(globalThis).some(
      (name) => typeof scope[name as never] === "object",
    ),
  // oxlint-disable-next-line no-eval -- it is what is tried.
  eval: () => (0, eval)("7") === 7,
  // oxlint-disable-next-line typescript/no-implied-eval -- as above.
  Function: () => new Function("return 7")() === 7,
  "the constructor of functions": () => bySource(() => {}),
  "the constructor of classes": () => bySource(class {}),
  "the constructor of asynchronous functions": () => bySource(async () => {}),
  "the constructor of generators": () => bySource(function* () {}),
  "the constructor of asynchronous generators": () => bySource(async function* () {}),
  "the constructor of native functions": () => bySource(Array.prototype.push),
  "the constructor of bound functions": () => bySource(Array.prototype.push.bind([])),
  "a constructor that is reflected": () =>
    (Reflect.construct((() => {}).constructor as never, ["return 7"]) as () => unknown)() === 7,
  "a class of functions": () => {
    class Made extends (Function as unknown as new (code: string) => () => unknown) {}
    return (new Made("return 7") as unknown as () => unknown)() === 7;
  },
  "memory beyond the limit": () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 4096 });
    return memory.grow(limitBytes / pageBytes) === 1;
  },
};

const port = parentPort;
if (workerData === "locked") {
  becomeBrowserWorker();
  limitMemory(limitBytes);
  lockDown();
}
const outcomes: Record<string, boolean> = {};
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    outcomes[name] = attempt();
  } catch {
    outcomes[name] = false;
  }
}
port?.postMessage(outcomes);
