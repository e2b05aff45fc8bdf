import channel from "../runtime/codeact_pyodide/channel.py";
import devices from "../runtime/codeact_pyodide/devices.py";
import eventLoop from "../runtime/codeact_pyodide/event_loop.py";
import hostCalls from "../runtime/codeact_pyodide/host_calls.py";
import installer from "../runtime/codeact_pyodide/installer.py";
import interrupts from "../runtime/codeact_pyodide/interrupts.py";
import lockdown from "../runtime/codeact_pyodide/lockdown.py";
import micropip from "../runtime/codeact_pyodide/micropip.py";
import outputs from "../runtime/codeact_pyodide/outputs.py";
import packageInit from "../runtime/codeact_pyodide/__init__.py";
import pip from "../runtime/codeact_pyodide/pip.py";
import reader from "../runtime/codeact_pyodide/reader.py";
import session from "../runtime/codeact_pyodide/session.py";
import { sessionModules } from "../runtime-modules/session-modules.js";

/** The modules of the Python runtime that a Pyodide interpreter needs, by their full names. */
export const pyodideModules: Readonly<Record<string, string>> = {
  ...sessionModules,
  codeact_pyodide: packageInit,
  "codeact_pyodide.channel": channel,
  "codeact_pyodide.devices": devices,
  "codeact_pyodide.event_loop": eventLoop,
  "codeact_pyodide.host_calls": hostCalls,
  "codeact_pyodide.installer": installer,
  "codeact_pyodide.interrupts": interrupts,
  "codeact_pyodide.lockdown": lockdown,
  "codeact_pyodide.outputs": outputs,
  "codeact_pyodide.pip": pip,
  "codeact_pyodide.reader": reader,
  "codeact_pyodide.session": session,
  // By the name that code written for Pyodide imports.
  micropip,
};
