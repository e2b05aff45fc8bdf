import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { empty } from "./deadline.js";
import { Lane, type Mode } from "./lane.js";
import { list, openDescriptors } from "./leftovers.js";
import { Random } from "./random.js";
import { mountSmallDisk } from "./starvation.js";

/** What Node itself may open once, for example for its threads. */
const spareDescriptors = 4;
/** Node loses three with some of the processes that it cannot start for want of descriptors. */
const spareDescriptorsWhenStarved = 100;

/** A run of chaos. */
export interface ChaosOptions {
  seed: number;
  faults: number;
  /** How many interpreters are struck at once. */
  lanes: number;
  starvesHost: boolean;
  /** The ways in which interpreters are started. */
  modes: readonly Mode[];
  /** Puts all workspaces on a disk of this size, which faults fill; needs the right to mount. */
  diskMb?: number;
  onProgress?(done: number, heapBytes: number): void;
}

/** What a run has cost the host. */
export interface ChaosReport {
  /** How many faults of each kind struck. */
  struck: Map<string, number>;
  /** Bytes in use after the first tenth of the faults, and after the last. */
  heapBytes: { early: number; late: number };
}

/**
 * Strikes interpreters with random faults while they run random programs. Rejects, naming the seed
 * and what happened last, where a promise does not settle, a next cell does not work, or a process,
 * a file or a descriptor is left over.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, faults, lanes } = options;
  const temporary = mkdtempSync(join(tmpdir(), "chaos-"));
  const { diskMb } = options;
  const unmount = diskMb === undefined ? undefined : mountSmallDisk(temporary, diskMb);
  const fillsDisk = unmount !== undefined;
  if (diskMb !== undefined && !fillsDisk) {
    console.warn("*** No disk is filled: this user may not mount one. ***");
  }
  const formerTemporary = process.env["TMPDIR"];
  process.env["TMPDIR"] = temporary;
  const seeds = new Random(seed);
  const struck = new Map<string, number>();
  const heapBytes = { early: 0, late: 0 };
  const descriptorsBefore = openDescriptors().length;
  let begun = 0;
  const run = async (): Promise<void> => {
    const history: string[] = [];
    const onRound = (description: string) => {
      history.push(description);
      struck.set(description, (struck.get(description) ?? 0) + 1);
    };
    const { modes, starvesHost } = options;
    const lane = new Lane(seeds.split(), { modes, fillsDisk, starvesHost, onRound });
    try {
      while (begun < faults) {
        begun++;
        await lane.round();
        if (begun <= faults / 10) heapBytes.early = usedHeap();
        if (begun % 100 === 0) options.onProgress?.(begun, usedHeap());
      }
      await lane.close();
    } catch (error) {
      begun = faults;
      const last = history.slice(-8).join("\n  ");
      throw new Error(`chaos with seed ${seed} failed after\n  ${last}`, { cause: error });
    }
  };
  try {
    const outcomes = await Promise.allSettled(Array.from({ length: lanes }, run));
    const failure = outcomes.find((outcome) => outcome.status === "rejected");
    if (failure !== undefined) throw failure.reason;
    await empty(`files are left with seed ${seed}`, () => list(temporary));
    await empty(`descriptors are left with seed ${seed}`, () => {
      const open = openDescriptors();
      const spare = options.starvesHost ? spareDescriptorsWhenStarved : spareDescriptors;
      return open.length > descriptorsBefore + spare ? open : [];
    });
    heapBytes.late = usedHeap();
    return { struck, heapBytes };
  } finally {
    if (formerTemporary === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = formerTemporary;
    unmount?.();
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** What is really in use: garbage is collected first. */
function usedHeap(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  // Takes no descriptor, as process.memoryUsage() does.
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}
