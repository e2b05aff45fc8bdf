import birth from "../runtime/codeact_runtime/birth.py";
import branching from "../runtime/codeact_runtime/branching.py";
import control from "../runtime/codeact_runtime/control.py";
import forkServer from "../runtime/codeact_runtime/fork_server.py";
import households from "../runtime/codeact_runtime/households.py";
import links from "../runtime/codeact_runtime/links.py";
import processEnds from "../runtime/codeact_runtime/process_ends.py";
import processTree from "../runtime/codeact_runtime/process_tree.py";
import reception from "../runtime/codeact_runtime/reception.py";
import refusal from "../runtime/codeact_runtime/refusal.py";
import supervised from "../runtime/codeact_runtime/supervised.py";
import supervisor from "../runtime/codeact_runtime/supervisor.py";
import undertaker from "../runtime/codeact_runtime/undertaker.py";

/** What a session needs besides where it is a process, and what forks such processes. */
export const processModules: Readonly<Record<string, string>> = {
  "codeact_runtime.birth": birth,
  "codeact_runtime.branching": branching,
  "codeact_runtime.control": control,
  "codeact_runtime.fork_server": forkServer,
  "codeact_runtime.households": households,
  "codeact_runtime.links": links,
  "codeact_runtime.process_ends": processEnds,
  "codeact_runtime.process_tree": processTree,
  "codeact_runtime.reception": reception,
  "codeact_runtime.refusal": refusal,
  "codeact_runtime.supervised": supervised,
  "codeact_runtime.supervisor": supervisor,
  "codeact_runtime.undertaker": undertaker,
};
