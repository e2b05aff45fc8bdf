import type { Random } from "./random.js";

/** What the code of a round is told of its surroundings. */
export interface Surroundings {
  /** Stands on the command line of every process that the code starts. */
  mark: string;
  /** Python: the environment of processes that hide. */
  hiddenEnvironment: "None" | "{}";
}

type Statement = (random: Random, surroundings: Surroundings) => string;

/** Statements that go on for a moment and use what an interpreter has. */
const statements: readonly Statement[] = [
  (random) => `total = sum(i * i for i in range(${random.whole(1, 200_000)}))`,
  (random) => `for i in range(${random.whole(1, 300)}): print("line", i)`,
  (random) => `import os; os.write(${random.whole(1, 2)}, b"x" * ${random.whole(1, 300_000)})`,
  (random) => `import time; time.sleep(${(random.whole(0, 60) / 1000).toFixed(3)})`,
  (random) => `answers = [call(i) for i in range(${random.whole(1, 30)})]`,
  (random) => `answers = call.map(list(range(${random.whole(1, 40)})))`,
  (random) => `answer = len(call("y" * ${random.whole(1, 400_000)}))`,
  (random) =>
    "from concurrent.futures import ThreadPoolExecutor\n" +
    `with ThreadPoolExecutor(4) as pool: answers = list(pool.map(call, range(${random.whole(1, 20)})))`,
  () => "import asyncio\nawait asyncio.gather(*(asyncio.sleep(0.005) for _ in range(20)))",
  (_, { mark }) =>
    "import subprocess, sys\n" +
    `kept = globals().setdefault("kept", []) + [subprocess.Popen(["sleep", "600.${mark}"])]`,
  (_, { mark, hiddenEnvironment }) =>
    "import subprocess, sys\n" +
    `subprocess.Popen(["sleep", "600.${mark}"], start_new_session=True, env=${hiddenEnvironment})\nNone`,
  () => 'import subprocess; subprocess.run(["echo", "from a child"])',
  () => "import threading\nthreading.Thread(target=call, args=[1]).start()",
  (random) => `open("file", "ab").write(b"z" * ${random.whole(1, 200_000)})\nNone`,
  () => "import sys; sys.stderr.write('to stderr\\n')\ndisplay({'a': 1})",
  () => "raise ValueError('as programs do')",
  () => "import gc; gc.collect()\nx = {'deep': [[1, 2], {'y': None}]}\nx",
];

/** The statements of a random program. Some never end, or not in time. */
export function randomProgram(random: Random, surroundings: Surroundings): string[] {
  const length = random.whole(1, 5);
  return Array.from({ length }, () => random.pick(statements)(random, surroundings));
}
