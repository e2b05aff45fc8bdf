import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { callTool, processesWith, shown, startPython, textOf } from "../../test/start-python.js";
import { container, runs, wrappers } from "../../test/wrappers.js";

const engine = container();
const ways = [
  ...Object.entries(wrappers).map(([name, command]) => {
    return { name, command, missing: runs(command) ? undefined : `${command[0]} fails here` };
  }),
  { name: "container", ...engine },
];

for (const { name, command, missing } of ways) {
  const skipped = missing === undefined ? "" : ` (SKIPPED: ${missing})`;
  const title = `a Python through the wrapper "${name}"${skipped}`;

  describe.skipIf(missing !== undefined)(title, () => {
    it("carries cells, tools, the environment and files", async () => {
      const python = await startPython(
        { command, env: { FAR: "a b'c\"$d" } },
        { tools: [callTool] },
      );
      const seen: string[] = [];
      const result = await python.execute(
        "import os, sys\nprint('one')\nsys.stderr.write('two\\n')\nos.system('echo three')\n" +
          "four = call({'text': '4' * 100_000})\nprint('five')\nfour['text'][:2]",
        {
          onOutput: (output) => {
            if (output.type === "text") seen.push(output.text);
          },
          onToolCall: async ({ input }) => {
            seen.push("call");
            return { ok: true, value: input };
          },
        },
      );
      expect(result.error).toBeUndefined();
      expect(shown(result)).toBe("'44'");
      expect(seen.join("")).toBe("one\ntwo\nthree\ncallfive\n");
      expect(result.outputs.map((output) => output.type === "text" && output.stream)).toContain(
        "stderr",
      );

      const environment = textOf(await python.execute("print(os.environ['FAR'], os.environ)"));
      expect(environment).toMatch(/^a b'c"\$d /);
      expect(environment).not.toContain("VITEST");

      const data = new Uint8Array(3_000_000).map((_, index) => index % 251);
      await python.files.write("deep/data.bin", data);
      const sum = await python.execute("sum(open('deep/data.bin', 'rb').read())");
      expect(shown(sum)).toBe(String(data.reduce((total, byte) => total + byte, 0)));
      expect(Buffer.compare(await python.files.read("deep/data.bin"), data)).toBe(0);
      await python.files.remove("deep");
      expect(await python.files.list()).toEqual([]);
    });

    it("survives a kill, and leaves nothing when it is closed", async () => {
      const python = await startPython({ command, env: { FAR: "321098" } });
      await python.files.write("stays", "");
      const directory = String(shown(await python.execute("import os; os.getcwd()"))).slice(1, -1);
      const lost = await python.execute(
        "import subprocess\nsubprocess.Popen(['setsid', 'sleep', '321098'])\nsum(range(10**11))",
        { timeoutMs: 500 },
      );
      expect(lost).toMatchObject({ status: "timeout", state: "lost" });
      expect(shown(await python.execute("'subprocess' in globals()"))).toBe("False");
      expect((await python.files.list()).map(({ path }) => path)).toEqual(["stays"]);
      await python.close();
      expect(processesWith("321098")).toEqual([]);
      expect(existsSync(directory)).toBe(false);
    });
  });
}
