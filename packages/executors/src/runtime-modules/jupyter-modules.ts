import packageInit from "../runtime/codeact_runtime/__init__.py";
import asyncioSupport from "../runtime/codeact_runtime/asyncio_support.py";
import callErrors from "../runtime/codeact_runtime/call_errors.py";
import cellReports from "../runtime/codeact_runtime/cell_reports.py";
import channel from "../runtime/codeact_runtime/channel.py";
import conversions from "../runtime/codeact_runtime/conversions.py";
import display from "../runtime/codeact_runtime/display.py";
import importHooks from "../runtime/codeact_runtime/import_hooks.py";
import jupyterInit from "../runtime/codeact_runtime/jupyter/__init__.py";
import bootstrap from "../runtime/codeact_runtime/jupyter/bootstrap.py";
import control from "../runtime/codeact_runtime/jupyter/control.py";
import files from "../runtime/codeact_runtime/jupyter/files.py";
import interrupts from "../runtime/codeact_runtime/jupyter/interrupts.py";
import lease from "../runtime/codeact_runtime/jupyter/lease.py";
import published from "../runtime/codeact_runtime/jupyter/published.py";
import reports from "../runtime/codeact_runtime/jupyter/reports.py";
import session from "../runtime/codeact_runtime/jupyter/session.py";
import shellChanges from "../runtime/codeact_runtime/jupyter/shell_changes.py";
import stdinCalls from "../runtime/codeact_runtime/jupyter/stdin_calls.py";
import streams from "../runtime/codeact_runtime/jupyter/streams.py";
import outputs from "../runtime/codeact_runtime/outputs.py";
import process from "../runtime/codeact_runtime/process.py";
import recordTypes from "../runtime/codeact_runtime/record_types.py";
import stubTyping from "../runtime/codeact_runtime/stub_typing.py";
import toolCalls from "../runtime/codeact_runtime/tool_calls.py";
import toolNames from "../runtime/codeact_runtime/tool_names.py";
import tools from "../runtime/codeact_runtime/tools.py";
import tracebacks from "../runtime/codeact_runtime/tracebacks.py";
import values from "../runtime/codeact_runtime/values.py";

/** The first cell of a Python kernel: starts the runtime that its request carries. */
export const jupyterBootstrap: string = bootstrap;

/** The modules of the runtime inside a kernel, by their full names. */
export const jupyterModules: Readonly<Record<string, string>> = {
  codeact_runtime: packageInit,
  "codeact_runtime.asyncio_support": asyncioSupport,
  "codeact_runtime.call_errors": callErrors,
  "codeact_runtime.cell_reports": cellReports,
  "codeact_runtime.channel": channel,
  "codeact_runtime.conversions": conversions,
  "codeact_runtime.display": display,
  "codeact_runtime.import_hooks": importHooks,
  "codeact_runtime.jupyter": jupyterInit,
  "codeact_runtime.jupyter.control": control,
  "codeact_runtime.jupyter.files": files,
  "codeact_runtime.jupyter.interrupts": interrupts,
  "codeact_runtime.jupyter.lease": lease,
  "codeact_runtime.jupyter.published": published,
  "codeact_runtime.jupyter.reports": reports,
  "codeact_runtime.jupyter.session": session,
  "codeact_runtime.jupyter.shell_changes": shellChanges,
  "codeact_runtime.jupyter.stdin_calls": stdinCalls,
  "codeact_runtime.jupyter.streams": streams,
  "codeact_runtime.outputs": outputs,
  "codeact_runtime.process": process,
  "codeact_runtime.record_types": recordTypes,
  "codeact_runtime.stub_typing": stubTyping,
  "codeact_runtime.tool_calls": toolCalls,
  "codeact_runtime.tool_names": toolNames,
  "codeact_runtime.tools": tools,
  "codeact_runtime.tracebacks": tracebacks,
  "codeact_runtime.values": values,
};
