/*
 * Chaos at full length: `npm run test:chaos -- [SEED [FAULTS [LANES [MODE …]]]]`. The seed is
 * printed, and repeats the choices of a run; what the machine does meanwhile is its own. Without
 * modes all are struck that this machine has.
 */
import { whyNoSandbox } from "../strict-sandbox.js";
import { runChaos } from "./chaos.js";
import { modes as allModes } from "./lane.js";

const [seed = Math.floor(Math.random() * 2 ** 32), faults = 2000, lanes = 6] = process.argv
  .slice(2, 5)
  .map(Number);
const named = process.argv.slice(5);
const hasSandbox = (await whyNoSandbox()) === undefined;
const modes = allModes.filter((mode) =>
  named.length > 0 ? named.includes(mode) : mode !== "strict" || hasSandbox,
);
const maxGrowthBytes = 30_000_000;

console.log(`seed ${seed}, ${faults} faults, ${lanes} at a time: ${modes.join(", ")}`);
const startedAtMs = performance.now();
const { struck, heapBytes } = await runChaos({
  seed,
  faults,
  lanes,
  starvesHost: true,
  modes,
  diskMb: 256,
  onProgress: (done, bytes) => {
    const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(0);
    console.log(`${done} faults in ${seconds} s, ${(bytes / 1e6).toFixed(1)} MB in use`);
  },
});
for (const description of [...struck.keys()].sort((left, right) => left.localeCompare(right))) {
  console.log(`${struck.get(description)} × ${description}`);
}
const growth = heapBytes.late - heapBytes.early;
console.log(`The host's memory has grown by ${(growth / 1e6).toFixed(1)} MB.`);
if (growth > maxGrowthBytes) throw new Error("The host's memory is not flat.");
