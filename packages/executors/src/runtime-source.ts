import bootstrap from "./runtime/codeact_runtime/bootstrap.py";
import { confinementModules } from "./runtime-modules/confinement-modules.js";
import { processModules } from "./runtime-modules/process-modules.js";
import { sessionModules } from "./runtime-modules/session-modules.js";

/** Text for `python -c`: receives the runtime over descriptor 3 and starts it. */
export const bootstrapProgram: string = bootstrap;

/** What a process of the runtime can be: the module whose `main` serves descriptor 3. */
export type RuntimeEntry = "codeact_runtime.session" | "codeact_runtime.fork_server";

const payloads = new Map<RuntimeEntry, Buffer>();

/** The first bytes that a host sends: the runtime itself, and which part of it to start. */
export function runtimePayload(entry: RuntimeEntry): Buffer {
  let payload = payloads.get(entry);
  if (payload === undefined) {
    payload = encodePayload({ modules: modulesOf(entry), entry });
    payloads.set(entry, payload);
  }
  return payload;
}

function modulesOf(entry: RuntimeEntry): Readonly<Record<string, string>> {
  const modules = { ...sessionModules, ...processModules };
  // A session that is a process by itself is not confined.
  return entry === "codeact_runtime.session" ? modules : { ...modules, ...confinementModules };
}

/** The form in which {@link bootstrapProgram} takes modules. */
export function encodePayload(payload: {
  modules: Readonly<Record<string, string>>;
  entry?: RuntimeEntry;
}): Buffer {
  const json = Buffer.from(JSON.stringify(payload));
  return Buffer.concat([Buffer.from(`${json.length}\n`), json]);
}
