import type { Output } from "@codeact/core";
import { describe, expect, it } from "vitest";
import { forked, wrapped } from "../../test/modes.js";
import { callTool, textOf } from "../../test/start-python.js";

describe.each([forked, wrapped])("in mode $mode:", ({ startPython }) => {
  describe("output", () => {
    it("keeps its true order, whoever writes, also against displays and tool calls", async () => {
      const python = await startPython({}, { tools: [callTool] });
      const events: string[] = [];
      const code = `
import os, sys, subprocess
for i in range(30):
    print(f'p{i}')
    os.write(1, b'w\\n')
    sys.stderr.write('e\\n')
    subprocess.run(['echo', 'c'])
    call(i)
    display(i)
`;
      const result = await python.execute(code, {
        onOutput: (output) => {
          events.push(
            output.type === "text" ? output.text : `<${output.data["text/plain"] as string}>`,
          );
        },
        onToolCall: ({ input }) => {
          events.push(`(${input as number})`);
          return Promise.resolve({ ok: true, value: null });
        },
      });
      const rounds = Array.from({ length: 30 }, (_, i) => `p${i}\nw\ne\nc\n(${i})<${i}>`);
      expect(events.join("")).toBe(rounds.join(""));
      expect(result.outputs.filter((output) => output.type === "display")).toHaveLength(30);
      const errors = result.outputs.filter((o) => o.type === "text" && o.stream === "stderr");
      expect(errors.map((o) => o.type === "text" && o.text)).toEqual(Array(30).fill("e\n"));
    });

    it("of 300 MB takes bounded memory, keeps both ends and counts the rest exactly", async () => {
      const python = await startPython();
      global.gc?.();
      const before = process.memoryUsage.rss();
      let highest = before;
      const sampler = setInterval(() => {
        highest = Math.max(highest, process.memoryUsage.rss());
      }, 5);
      let delivered = 0;
      const result = await python.execute(
        "import os\nprint('first')\nchunk = b'x' * 65536\nfor _ in range(4800): os.write(1, chunk)\nprint('last')",
        {
          onOutput: (output) => {
            delivered += output.type === "text" ? output.text.length : 0;
          },
        },
      );
      clearInterval(sampler);
      const text = textOf(result);
      expect(text.startsWith("first\nx")).toBe(true);
      expect(text.endsWith("xlast\n")).toBe(true);
      expect(text.length).toBe(1_000_000);
      expect(delivered).toBe(1_000_000);
      expect(result.droppedBytes).toBe(6 + 4800 * 65_536 + 5 - 1_000_000);
      // Far below the 315 MB written; `bench/src/local.ts` measures how little it is on an idle machine.
      expect((highest - before) / 1e6).toBeLessThan(250);
    });

    it("waits for a slow onOutput", async () => {
      const python = await startPython();
      let running = 0;
      let delivered = "";
      const result = await python.execute(
        "import time\nfor i in range(20): print('x' * 20_000); time.sleep(0.001)",
        {
          onOutput: async (output: Output) => {
            running++;
            expect(running).toBe(1);
            await new Promise((resolve) => setTimeout(resolve, 5));
            if (output.type === "text") delivered += output.text;
            running--;
          },
        },
      );
      expect(delivered).toBe(textOf(result));
      expect(delivered).toHaveLength(20 * 20_001);
    });

    it("blocks the code while onOutput holds it back", async () => {
      const python = await startPython();
      let release: () => void = () => {};
      const running = python.execute(
        "import time\nopen('begun', 'w').close()\nfor i in range(2000): print('x' * 10_000)\nopen('through', 'w').close()",
        {
          onOutput: () =>
            new Promise<void>((resolve) => {
              release = resolve;
            }),
        },
      );
      await new Promise((resolve) => setTimeout(resolve, 700));
      expect((await python.files.list()).map((entry) => entry.path)).toEqual(["begun"]);
      const timer = setInterval(() => release(), 1);
      expect(await running).toMatchObject({ status: "ok" });
      clearInterval(timer);
    });

    it("may make onOutput fail: the cell is stopped and execute rejects with its error", async () => {
      const python = await startPython();
      const fault = new Error("disk full");
      for (const onOutput of [
        () => {
          throw fault;
        },
        () => Promise.reject(fault),
      ]) {
        const running = python.execute("x = 1\nprint('hi')\nimport time; time.sleep(600)", {
          onOutput,
        });
        await expect(running).rejects.toBe(fault);
      }
      expect(await python.execute("x")).toMatchObject({ status: "ok", state: "kept" });
    });

    it("written between two cells begins the next one", async () => {
      const python = await startPython();
      await python.execute("import threading\nthreading.Timer(0.2, print, ['tick']).start()");
      await new Promise((resolve) => setTimeout(resolve, 600));
      expect(textOf(await python.execute("print('tock')"))).toBe("tick\ntock\n");
    });
  });
});
