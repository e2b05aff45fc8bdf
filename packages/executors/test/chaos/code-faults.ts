import { findChannel } from "../find-channel.js";
import type { Surroundings } from "./programs.js";
import type { Random } from "./random.js";

/** What a program does to its own process, in the middle of what else it does. */
export interface CodeFault {
  name: string;
  code(random: Random, surroundings: Surroundings): string;
}

const frames: readonly ((random: Random) => string)[] = [
  (random) => `os.urandom(${random.whole(1, 100_000)})`,
  () => "b'x' * (17 << 20)",
  () => `b'{"type":"display","blobs":[999999999999]}\\n'`,
  () => `b'{"type":"display","blobs":[50000]}\\n' + b'partial'`,
  () => `b'[' * 1000000 + b'\\n'`,
  () => `b'{"type":"done","cell":99999,"status":"ok"}\\n'`,
  () => `b'{"type":"ready","python":"3","pid":1}\\n'`,
  () => `b'{"type":"forked","ok":true}\\n'`,
  () => `b'{"type":"fault","message":"' + b'm' * 5000000 + b'"}\\n'`,
  (random) =>
    `b''.join(b'{"type":"tool-call","id":"f%d","cell":%d,"name":"call","input":1}\\n' % (i, ${random.whole(0, 30)}) for i in range(20000))`,
  () =>
    `b'{"type":"tool-call","id":"f","cell":1,"name":"call","input":' + b'[' * 5000 + b']' * 5000 + b'}\\n'`,
  () => `b'{"type":"tool-call","id":"f","cell":1,"name":"call","input":{"$blob":7}}\\n'`,
  (random) =>
    `b''.join(b'{"type":"display","cell":1,"source":"display","data":{"text/plain":"x"},"mark":%d}\\n' % (i * ${random.whole(1, 1000)}) for i in range(2000))`,
  () => `b'{"type":"display","cell":1,"source":"display","data":{"__proto__":{"a":1}}}\\n'`,
  () => "b'\\n' * 1000",
];

/** Faults after which the code goes on with whatever is left to it. */
const weakening: readonly CodeFault[] = [
  {
    name: "exhausts its descriptors",
    code: (random) =>
      "import os, resource\n" +
      `resource.setrlimit(resource.RLIMIT_NOFILE, (${random.whole(8, 80)}, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))\n` +
      "held = []\ntry:\n    while True: held.append(os.open('/dev/null', 0))\nexcept OSError: pass",
  },
  {
    name: "fills its disk",
    code: (random) =>
      `import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (${random.whole(0, 50_000)}, -1))\n` +
      "open('full', 'wb').write(b'z' * 100000)",
  },
  {
    name: "runs out of memory",
    code: () =>
      "import resource\n" +
      "pages = int(open('/proc/self/statm').read().split()[0]) * 4096\n" +
      "resource.setrlimit(resource.RLIMIT_AS, (pages + (4 << 20), -1))\n" +
      "hoard = []\nwhile True: hoard.append(bytearray(1 << 20))",
  },
  {
    name: "writes frames",
    code: (random) => `${findChannel}send(${random.pick(frames)(random)})`,
  },
  {
    name: "writes frames from a child",
    code: (random) =>
      `${findChannel}if os.fork() == 0:\n    send(${random.pick(frames)(random)})\n    os._exit(0)`,
  },
  { name: "closes the channel", code: () => `${findChannel}os.close(fd)` },
  {
    name: "shuts the channel down",
    code: (random) => `${findChannel}socket.socket(fileno=fd).shutdown(${random.whole(0, 2)})`,
  },
  {
    name: "reads the channel",
    code: () =>
      `${findChannel}import threading\nthreading.Thread(target=lambda: os.read(fd, 1000), daemon=True).start()`,
  },
  { name: "closes its output", code: () => "import os; os.close(1); os.close(2)" },
  { name: "closes every descriptor", code: () => "import os; os.closerange(3, 2000)" },
  {
    name: "forges marks in its output",
    code: (random) => `import os; os.write(1, b"\\x1b]codeact;${random.whole(0, 9)};7\\x07" * 50)`,
  },
  {
    name: "leaves children everywhere",
    code: (_, { mark, hiddenEnvironment }) =>
      "import os\n" +
      "for i in range(8):\n    if os.fork() == 0:\n        os.setsid()\n        if i % 2 and os.fork(): os._exit(0)\n" +
      `        os.execve("/bin/sleep", ["sleep", "600.${mark}"], os.environ if ${hiddenEnvironment} is None else {})`,
  },
  {
    name: "has an alarm that raises",
    code: (random) =>
      "import signal\ndef ring(*_): raise RuntimeError('alarm')\n" +
      "signal.signal(signal.SIGALRM, ring)\n" +
      `signal.setitimer(signal.ITIMER_REAL, ${(random.whole(1, 40) / 1000).toFixed(3)}, 0.003)`,
  },
];

/** Faults that end the code, or keep it from ending. */
const ending: readonly CodeFault[] = [
  { name: "segfaults", code: () => "import ctypes; ctypes.string_at(0)" },
  ...[
    "SIGKILL",
    "SIGSEGV",
    "SIGBUS",
    "SIGTERM",
    "SIGABRT",
    "SIGSTOP",
    "SIGINT",
    "SIGHUP",
    "SIGPIPE",
  ].map((name) => ({
    name: `sends itself ${name}`,
    code: () => `import os, signal; os.kill(os.getpid(), signal.${name})`,
  })),
  { name: "exits", code: (random) => `import os; os._exit(${random.whole(0, 255)})` },
  { name: "raises SystemExit", code: () => "exit(3)" },
  {
    name: "overflows the stack",
    code: () => "import sys; sys.setrecursionlimit(10**9)\ndef f(): return f.__call__()\nf()",
  },
  { name: "loops", code: () => "while True: pass" },
  {
    name: "swallows interrupts",
    code: () => "import time\nwhile True:\n    try: time.sleep(1)\n    except BaseException: pass",
  },
  { name: "stays in C", code: () => "sum(range(10**12))" },
  {
    name: "blocks SIGINT",
    code: () =>
      "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})\ntime.sleep(60)",
  },
  { name: "floods", code: () => "import os\nwhile True: os.write(1, b'flood' * 10000)" },
  {
    name: "executes another program",
    code: (_, { mark }) => `import os; os.execvp("sleep", ["sleep", "600.${mark}"])`,
  },
];

export const codeFaults: readonly CodeFault[] = [...weakening, ...ending];
