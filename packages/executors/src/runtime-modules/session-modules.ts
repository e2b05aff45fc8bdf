import packageInit from "../runtime/codeact_runtime/__init__.py";
import asyncioSupport from "../runtime/codeact_runtime/asyncio_support.py";
import callErrors from "../runtime/codeact_runtime/call_errors.py";
import cellReports from "../runtime/codeact_runtime/cell_reports.py";
import cells from "../runtime/codeact_runtime/cells.py";
import channel from "../runtime/codeact_runtime/channel.py";
import conversions from "../runtime/codeact_runtime/conversions.py";
import display from "../runtime/codeact_runtime/display.py";
import displayer from "../runtime/codeact_runtime/displayer.py";
import figures from "../runtime/codeact_runtime/figures.py";
import frameReader from "../runtime/codeact_runtime/frame_reader.py";
import importHooks from "../runtime/codeact_runtime/import_hooks.py";
import interrupts from "../runtime/codeact_runtime/interrupts.py";
import magics from "../runtime/codeact_runtime/magics.py";
import outputs from "../runtime/codeact_runtime/outputs.py";
import process from "../runtime/codeact_runtime/process.py";
import recordTypes from "../runtime/codeact_runtime/record_types.py";
import resourceLimits from "../runtime/codeact_runtime/resource_limits.py";
import session from "../runtime/codeact_runtime/session.py";
import signalHandlers from "../runtime/codeact_runtime/signal_handlers.py";
import sourceTransforms from "../runtime/codeact_runtime/source_transforms.py";
import stubTyping from "../runtime/codeact_runtime/stub_typing.py";
import toolCalls from "../runtime/codeact_runtime/tool_calls.py";
import toolNames from "../runtime/codeact_runtime/tool_names.py";
import tools from "../runtime/codeact_runtime/tools.py";
import tracebacks from "../runtime/codeact_runtime/tracebacks.py";
import values from "../runtime/codeact_runtime/values.py";

/** What a session needs wherever Python runs, by full module names. */
export const sessionModules: Readonly<Record<string, string>> = {
  codeact_runtime: packageInit,
  "codeact_runtime.asyncio_support": asyncioSupport,
  "codeact_runtime.call_errors": callErrors,
  "codeact_runtime.cell_reports": cellReports,
  "codeact_runtime.cells": cells,
  "codeact_runtime.channel": channel,
  "codeact_runtime.conversions": conversions,
  "codeact_runtime.display": display,
  "codeact_runtime.displayer": displayer,
  "codeact_runtime.figures": figures,
  "codeact_runtime.frame_reader": frameReader,
  "codeact_runtime.import_hooks": importHooks,
  "codeact_runtime.interrupts": interrupts,
  "codeact_runtime.magics": magics,
  "codeact_runtime.outputs": outputs,
  "codeact_runtime.process": process,
  "codeact_runtime.record_types": recordTypes,
  "codeact_runtime.resource_limits": resourceLimits,
  "codeact_runtime.session": session,
  "codeact_runtime.signal_handlers": signalHandlers,
  "codeact_runtime.source_transforms": sourceTransforms,
  "codeact_runtime.stub_typing": stubTyping,
  "codeact_runtime.tool_calls": toolCalls,
  "codeact_runtime.tool_names": toolNames,
  "codeact_runtime.tools": tools,
  "codeact_runtime.tracebacks": tracebacks,
  "codeact_runtime.values": values,
};
