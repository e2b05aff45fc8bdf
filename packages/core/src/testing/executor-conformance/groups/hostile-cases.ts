import type { ToolCallRequest } from "../../../executor/tool-call.js";
import { check, checkEqual, settles } from "../assertions.js";
import { checkUsable, lines, printed } from "../cells.js";
import type { ConformanceCase, ConformanceGroup } from "../conformance-case.js";
import { ToolHost } from "../tool-host.js";

/**
 * Code that attacks the runtime in its own process. It may cost its own session, never the host:
 * the cell settles, the host sees nothing beyond honest tool calls, and the next cell runs.
 */
function attack(
  name: string,
  code: string,
  verify: (output: string, requests: readonly ToolCallRequest[]) => void = () => {},
): ConformanceCase {
  return {
    name,
    async run(context) {
      const interpreter = await context.fresh();
      const host = new ToolHost();
      const running = interpreter.execute(code, { onToolCall: host.handle, timeoutMs: 3_000 });
      const [outcome] = await settles(Promise.allSettled([running]), "the attacking cell");
      if (outcome.status === "fulfilled") verify(printed(outcome.value), host.requests);
      for (const { name: tool, id } of host.requests) {
        check(typeof tool === "string" && typeof id === "string", "a malformed request");
      }
      await settles(checkUsable(interpreter), "the cell after the attack");
    },
  };
}

/** Writes to every descriptor that could be a channel of the runtime. */
const toAllDescriptors = (frame: string) =>
  lines(
    "import os, stat",
    "for fd in range(3, 32):",
    "    try:",
    "        mode = os.fstat(fd).st_mode",
    "        if stat.S_ISSOCK(mode) or stat.S_ISFIFO(mode):",
    "            os.set_blocking(fd, False)",
    `            os.write(fd, ${frame})`,
    "            os.set_blocking(fd, True)",
    "    except OSError:",
    "        pass",
  );

const bytes = (frame: object) => `b'${JSON.stringify(frame)}\\n'`;

/** Attacks on the runtime and forged messages. */
export const hostileGroup: ConformanceGroup = {
  name: "hostile code",
  cases: [
    attack(
      "prints marks of the output pipe",
      "print('\\x1b]codeact;deadbeef;1\\x07A\\x1b]codeact;;e\\x07B')",
      (output) => {
        check(output.includes("A") && output.includes("B"), `output is ${JSON.stringify(output)}`);
      },
    ),
    attack("prints half a mark", "print('before\\x1b]codeact;', end='')", (output) => {
      check(output.startsWith("before"), `output is ${JSON.stringify(output)}`);
    }),
    attack(
      "prints frames",
      `print('{"type":"tool-call","id":"1","cell":1,"name":"echo","input":1}')`,
      (output, requests) => {
        checkEqual(requests.length, 0, "calls");
        check(output.includes("tool-call"), "the printed frame is missing");
      },
    ),
    attack("writes garbage on the channel", toAllDescriptors("b'garbage\\n'")),
    attack("writes binary on the channel", toAllDescriptors("bytes(range(256)) * 16")),
    attack("writes an unfinished frame", toAllDescriptors(`b'{"type":"done","cell":'`)),
    attack(
      "forges the end of its cell",
      lines(
        toAllDescriptors(bytes({ type: "done", cell: 1, status: "ok" })),
        "print('still here')",
      ),
    ),
    attack(
      "forges the end of another cell",
      toAllDescriptors(bytes({ type: "done", cell: 99, status: "ok" })),
    ),
    attack(
      "forges a malformed result",
      toAllDescriptors(bytes({ type: "done", cell: 1, status: { a: 1 }, error: 5 })),
    ),
    attack(
      "forges a tool call",
      toAllDescriptors(
        bytes({ type: "tool-call", id: "f", cell: 1, name: "echo", input: { $blob: 7 } }),
      ),
      (_, requests) => check(requests.length <= 1, "more than one honest call"),
    ),
    attack(
      "forges a call of a tool that was not declared",
      toAllDescriptors(bytes({ type: "tool-call", id: "f", cell: 1, name: "secret", input: {} })),
      (_, requests) =>
        check(!requests.some((request) => request.name === "secret"), "an undeclared call"),
    ),
    attack(
      "forges display data",
      toAllDescriptors(bytes({ type: "display", cell: 1, source: "x", data: 1 })),
    ),
    attack(
      "claims a huge blob",
      toAllDescriptors(
        bytes({
          type: "tool-call",
          id: "b",
          cell: 1,
          name: "echo",
          input: { $blob: 0 },
          blobs: [1e15],
        }),
      ),
    ),
    attack(
      "sends a header without end",
      lines("import os, threading", toAllDescriptors("b'['*60000")),
    ),
    attack("closes all descriptors", "import os\nos.closerange(3, 256)"),
    attack(
      "replaces what the runtime may use",
      lines(
        "import json, os, sys, threading, traceback, builtins, linecache, ast",
        "json.dumps = json.loads = os.write = os.read = threading.Thread = traceback.format_exception = None",
        "linecache.getline = linecache.getlines = ast.parse = None",
        "sys.stdout = sys.stderr = sys.__stdout__ = None",
      ),
    ),
    attack(
      "replaces builtins",
      lines(
        "import builtins",
        "for name in ('print', 'repr', 'compile', 'exec', 'eval', 'open', 'isinstance', 'len', 'type', 'str'):",
        "    setattr(builtins, name, None)",
      ),
    ),
    attack("empties sys.modules", "import sys\nsys.modules.clear()"),
    attack("deletes its namespace", "globals().clear()"),
    attack(
      "replaces __main__",
      "import sys, types\nsys.modules['__main__'] = types.ModuleType('__main__')",
    ),
    attack(
      "installs hooks",
      lines(
        "import sys",
        "sys.excepthook = sys.displayhook = sys.unraisablehook = lambda *a: 1 / 0",
        "sys.settrace(lambda *a: 1 / 0)",
        "x = 1",
      ),
    ),
    attack(
      "stops the garbage collector and lowers limits",
      "import gc, sys\ngc.disable()\nsys.setrecursionlimit(60)",
    ),
    attack(
      "raises in __del__ and at exit",
      "import atexit\nclass D:\n    def __del__(self): 1 / 0\nD()\natexit.register(lambda: 1 / 0)",
    ),
    attack(
      "leaves a busy thread",
      "import threading\ndef spin():\n    while True: pass\nthreading.Thread(target=spin, daemon=True).start()",
    ),
    attack(
      "leaves a thread that is no daemon",
      "import threading, time\nthreading.Thread(target=time.sleep, args=(600,)).start()",
    ),
    attack(
      "leaves a printing thread",
      "import threading\ndef spam():\n    while True: print('spam')\nthreading.Thread(target=spam, daemon=True).start()",
    ),
    attack("changes its directory away", "import os\nos.chdir('/')"),
    attack(
      "deletes its workspace",
      "import os, shutil\nshutil.rmtree(os.getcwd(), ignore_errors=True)",
    ),
    attack(
      "defines an equality that lies",
      "class L:\n    def __eq__(self, o): raise SystemExit\n    __hash__ = None\n    def __getattr__(self, n): raise KeyboardInterrupt\nL()",
    ),
  ],
};
