import { expect, it } from "vitest";
import { whyNoSandbox } from "../strict-sandbox.js";
import { runChaos } from "./chaos.js";
import { modes as allModes } from "./lane.js";

const hasSandbox = (await whyNoSandbox()) === undefined;
const modes = allModes.filter((mode) => mode !== "strict" || hasSandbox);

/** One that is known to pass; `npm run test:chaos` takes others. */
const seed = Number(process.env["CHAOS_SEED"] ?? 1);

it.runIf(process.platform === "linux")(
  "survives 30 random faults",
  { timeout: 240_000 },
  async () => {
    const { struck } = await runChaos({ seed, faults: 30, lanes: 4, starvesHost: false, modes });
    const faults = [...struck.values()].reduce((sum, count) => sum + count, 0);
    expect(faults).toBe(30);
  },
);
