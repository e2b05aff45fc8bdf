import { describeModel } from "@codeact/core/testing";
import { describe, it } from "vitest";
import { scriptedLlama } from "../../test/scripted-llama.js";

describeModel("LlamaModel", scriptedLlama, {
  suite: { describe, it },
  // There is no API under it: it counts its tokens itself, and has no server that refuses or stalls.
  without: [
    "usage",
    "cached-usage",
    "reasoning-usage",
    "no-usage",
    "images",
    "tools",
    "signatures",
    "refusals",
    "faults",
    "stalls",
    "timeouts",
  ],
});
