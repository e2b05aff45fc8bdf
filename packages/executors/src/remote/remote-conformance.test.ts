import { describeExecutor } from "@codeact/core/testing";
import { afterAll, describe, it } from "vitest";
import { chain, runs, wrappers } from "../../test/wrappers.js";
import { PythonExecutor } from "../python/index.js";

const inNamespaces = runs(wrappers.bubblewrap);
const ways = inNamespaces ? "a banner, setsid, env -i and bwrap" : "a banner, setsid and env -i";
const command = chain(inNamespaces);

describeExecutor(
  `PythonExecutor through ${ways}`,
  () => new PythonExecutor({ command, interruptGraceMs: 1000 }),
  { suite: { describe, it, afterAll } },
);

it.skipIf(inNamespaces)(
  "SKIPPED in bwrap: it is missing, or may make no namespaces here",
  () => {},
);
