import bootstrap from "./runtime/codeact_runtime/bootstrap.py";
import packageInit from "./runtime/codeact_runtime/__init__.py";
import asyncioSupport from "./runtime/codeact_runtime/asyncio_support.py";
import birth from "./runtime/codeact_runtime/birth.py";
import branching from "./runtime/codeact_runtime/branching.py";
import callErrors from "./runtime/codeact_runtime/call_errors.py";
import cellReports from "./runtime/codeact_runtime/cell_reports.py";
import cells from "./runtime/codeact_runtime/cells.py";
import channel from "./runtime/codeact_runtime/channel.py";
import control from "./runtime/codeact_runtime/control.py";
import conversions from "./runtime/codeact_runtime/conversions.py";
import display from "./runtime/codeact_runtime/display.py";
import displayer from "./runtime/codeact_runtime/displayer.py";
import enclosed from "./runtime/codeact_runtime/enclosed.py";
import figures from "./runtime/codeact_runtime/figures.py";
import forkServer from "./runtime/codeact_runtime/fork_server.py";
import frameReader from "./runtime/codeact_runtime/frame_reader.py";
import households from "./runtime/codeact_runtime/households.py";
import importHooks from "./runtime/codeact_runtime/import_hooks.py";
import interrupts from "./runtime/codeact_runtime/interrupts.py";
import links from "./runtime/codeact_runtime/links.py";
import magics from "./runtime/codeact_runtime/magics.py";
import outputs from "./runtime/codeact_runtime/outputs.py";
import process from "./runtime/codeact_runtime/process.py";
import processEnds from "./runtime/codeact_runtime/process_ends.py";
import processTree from "./runtime/codeact_runtime/process_tree.py";
import reception from "./runtime/codeact_runtime/reception.py";
import refusal from "./runtime/codeact_runtime/refusal.py";
import resourceLimits from "./runtime/codeact_runtime/resource_limits.py";
import session from "./runtime/codeact_runtime/session.py";
import signalHandlers from "./runtime/codeact_runtime/signal_handlers.py";
import sourceTransforms from "./runtime/codeact_runtime/source_transforms.py";
import stubTyping from "./runtime/codeact_runtime/stub_typing.py";
import supervised from "./runtime/codeact_runtime/supervised.py";
import supervisor from "./runtime/codeact_runtime/supervisor.py";
import toolCalls from "./runtime/codeact_runtime/tool_calls.py";
import tools from "./runtime/codeact_runtime/tools.py";
import tracebacks from "./runtime/codeact_runtime/tracebacks.py";
import undertaker from "./runtime/codeact_runtime/undertaker.py";
import values from "./runtime/codeact_runtime/values.py";
import confinement from "./runtime/codeact_runtime/confinement/__init__.py";
import confinedDescriptors from "./runtime/codeact_runtime/confinement/descriptors.py";
import confinedEnclosure from "./runtime/codeact_runtime/confinement/enclosure.py";
import confinedErrors from "./runtime/codeact_runtime/confinement/errors.py";
import confinedFileSystem from "./runtime/codeact_runtime/confinement/file_system.py";
import confinedFiles from "./runtime/codeact_runtime/confinement/files.py";
import confinedIdentity from "./runtime/codeact_runtime/confinement/identity.py";
import confinedInitProcess from "./runtime/codeact_runtime/confinement/init_process.py";
import confinedKernel from "./runtime/codeact_runtime/confinement/kernel.py";
import confinedLandlock from "./runtime/codeact_runtime/confinement/landlock.py";
import confinedLimits from "./runtime/codeact_runtime/confinement/limits.py";
import confinedMounts from "./runtime/codeact_runtime/confinement/mounts.py";
import confinedPolicy from "./runtime/codeact_runtime/confinement/policy.py";
import confinedPrivileges from "./runtime/codeact_runtime/confinement/privileges.py";
import confinedReadableFiles from "./runtime/codeact_runtime/confinement/readable_files.py";
import confinedSandbox from "./runtime/codeact_runtime/confinement/sandbox.py";
import confinedSeccomp from "./runtime/codeact_runtime/confinement/seccomp.py";
import confinedSystemCallNumbers from "./runtime/codeact_runtime/confinement/system_call_numbers.py";
import confinedSystemCallRules from "./runtime/codeact_runtime/confinement/system_call_rules.py";
import confinedWarden from "./runtime/codeact_runtime/confinement/warden.py";

/** Text for `python -c`: receives the runtime over descriptor 3 and starts it. */
export const bootstrapProgram: string = bootstrap;

/** The modules of the Python runtime, by their full names. */
export const runtimeModules: Readonly<Record<string, string>> = {
  codeact_runtime: packageInit,
  "codeact_runtime.asyncio_support": asyncioSupport,
  "codeact_runtime.birth": birth,
  "codeact_runtime.branching": branching,
  "codeact_runtime.call_errors": callErrors,
  "codeact_runtime.cell_reports": cellReports,
  "codeact_runtime.cells": cells,
  "codeact_runtime.channel": channel,
  "codeact_runtime.control": control,
  "codeact_runtime.conversions": conversions,
  "codeact_runtime.display": display,
  "codeact_runtime.displayer": displayer,
  "codeact_runtime.enclosed": enclosed,
  "codeact_runtime.figures": figures,
  "codeact_runtime.fork_server": forkServer,
  "codeact_runtime.frame_reader": frameReader,
  "codeact_runtime.households": households,
  "codeact_runtime.import_hooks": importHooks,
  "codeact_runtime.interrupts": interrupts,
  "codeact_runtime.links": links,
  "codeact_runtime.magics": magics,
  "codeact_runtime.outputs": outputs,
  "codeact_runtime.process": process,
  "codeact_runtime.process_ends": processEnds,
  "codeact_runtime.process_tree": processTree,
  "codeact_runtime.reception": reception,
  "codeact_runtime.refusal": refusal,
  "codeact_runtime.resource_limits": resourceLimits,
  "codeact_runtime.session": session,
  "codeact_runtime.signal_handlers": signalHandlers,
  "codeact_runtime.source_transforms": sourceTransforms,
  "codeact_runtime.stub_typing": stubTyping,
  "codeact_runtime.supervised": supervised,
  "codeact_runtime.supervisor": supervisor,
  "codeact_runtime.tool_calls": toolCalls,
  "codeact_runtime.tools": tools,
  "codeact_runtime.tracebacks": tracebacks,
  "codeact_runtime.undertaker": undertaker,
  "codeact_runtime.values": values,
  "codeact_runtime.confinement": confinement,
  "codeact_runtime.confinement.descriptors": confinedDescriptors,
  "codeact_runtime.confinement.enclosure": confinedEnclosure,
  "codeact_runtime.confinement.errors": confinedErrors,
  "codeact_runtime.confinement.file_system": confinedFileSystem,
  "codeact_runtime.confinement.files": confinedFiles,
  "codeact_runtime.confinement.identity": confinedIdentity,
  "codeact_runtime.confinement.init_process": confinedInitProcess,
  "codeact_runtime.confinement.kernel": confinedKernel,
  "codeact_runtime.confinement.landlock": confinedLandlock,
  "codeact_runtime.confinement.limits": confinedLimits,
  "codeact_runtime.confinement.mounts": confinedMounts,
  "codeact_runtime.confinement.policy": confinedPolicy,
  "codeact_runtime.confinement.privileges": confinedPrivileges,
  "codeact_runtime.confinement.readable_files": confinedReadableFiles,
  "codeact_runtime.confinement.sandbox": confinedSandbox,
  "codeact_runtime.confinement.seccomp": confinedSeccomp,
  "codeact_runtime.confinement.system_call_numbers": confinedSystemCallNumbers,
  "codeact_runtime.confinement.system_call_rules": confinedSystemCallRules,
  "codeact_runtime.confinement.warden": confinedWarden,
};

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

/** A session that is a process by itself is not confined. */
function modulesOf(entry: RuntimeEntry): Readonly<Record<string, string>> {
  if (entry === "codeact_runtime.fork_server") return runtimeModules;
  const modules = Object.entries(runtimeModules);
  return Object.fromEntries(modules.filter(([name]) => !/\.(confinement\b|enclosed)/.test(name)));
}

/** The form in which {@link bootstrapProgram} takes modules. */
export function encodePayload(payload: {
  modules: Readonly<Record<string, string>>;
  entry?: RuntimeEntry;
}): Buffer {
  const json = Buffer.from(JSON.stringify(payload));
  return Buffer.concat([Buffer.from(`${json.length}\n`), json]);
}
