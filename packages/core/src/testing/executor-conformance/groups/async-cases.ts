import { cellCase, lines } from "../cells.js";
import type { ConformanceGroup } from "../conformance-case.js";

/** Asynchronous code and sleeping. */
export const asyncGroup: ConformanceGroup = {
  name: "async",
  cases: [
    cellCase("awaits at top level", "import asyncio\nawait asyncio.sleep(0.01, result='done')", {
      shown: "'done'",
    }),
    cellCase(
      "keeps variables of cells with await",
      ["import asyncio\nas_x = await asyncio.sleep(0, result=5)", "as_x + 1"],
      { shown: "6" },
    ),
    cellCase(
      "has async for and async with at top level",
      lines(
        "import contextlib",
        "async def numbers():",
        "    yield 1",
        "    yield 2",
        "@contextlib.asynccontextmanager",
        "async def resource():",
        "    yield 'r'",
        "async with resource() as name:",
        "    async for n in numbers():",
        "        print(name, n)",
      ),
      { printed: "r 1\nr 2\n" },
    ),
    cellCase(
      "has asyncio.run",
      "import asyncio\nasync def main():\n    await asyncio.sleep(0)\n    return 7\nasyncio.run(main())",
      { shown: "7" },
    ),
    cellCase(
      "gathers",
      "import asyncio\nasync def f(i):\n    await asyncio.sleep(0.001 * (3 - i))\n    return i\nawait asyncio.gather(f(0), f(1), f(2))",
      { shown: "[0, 1, 2]" },
    ),
    cellCase("raises from awaited code", "async def f():\n    raise KeyError('deep')\nawait f()", {
      status: "error",
      errorType: "KeyError",
    }),
    cellCase("refuses await in a plain function", "def f():\n    await g()", {
      status: "error",
      errorType: "SyntaxError",
    }),
    cellCase(
      "sleeps",
      "import time\nt = time.monotonic()\ntime.sleep(0.05)\ntime.monotonic() - t >= 0.045",
      {
        shown: "True",
      },
    ),
  ],
};
