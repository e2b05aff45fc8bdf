import { once } from "node:events";
import { Worker } from "node:worker_threads";

const tickMs = 10;

// A thread of its own: code that holds up the main thread is at fault for that itself.
const program = `
  const { parentPort, workerData } = require("node:worker_threads");
  const state = new Float64Array(workerData);
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  const now = () => performance.timeOrigin + performance.now();
  state[1] = now();
  parentPort.postMessage("ticking");
  for (;;) {
    Atomics.wait(sleeper, 0, 0, ${tickMs});
    const woken = now();
    state[0] += Math.max(0, woken - state[1] - ${tickMs});
    state[1] = woken;
  }
`;

/** How late a machine that others use too has been; a promise of time is less the machine's. */
export interface LatenessMeter {
  /** By how much short sleeps were too long since the start, all together, in milliseconds. */
  totalMs: () => number;
  stop: () => Promise<void>;
}

export async function startLatenessMeter(): Promise<LatenessMeter> {
  const state = new Float64Array(new SharedArrayBuffer(16));
  const worker = new Worker(program, { eval: true, workerData: state.buffer });
  worker.unref();
  await once(worker, "message");
  return {
    totalMs: () => {
      const [counted = 0, sleepingSince = 0] = state;
      const underWayMs = performance.timeOrigin + performance.now() - sleepingSince - tickMs;
      return counted + Math.max(0, underWayMs);
    },
    stop: async () => {
      await worker.terminate();
    },
  };
}
