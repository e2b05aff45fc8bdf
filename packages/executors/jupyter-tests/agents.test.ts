import { Agent, tool } from "@codeact/core";
import { ScriptedModel } from "@codeact/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { JupyterExecutor } from "../src/jupyter/index.js";
import { JupyterProcess } from "./jupyter-process.js";
import { targets } from "./targets.js";

const target = targets.find(({ kind }) => kind === "kernel-gateway");
/** Eight in CI; fifty by `npm run test:jupyter -- --fifty`, some minutes and 4 GB. */
const count = Number(process.env["CODEACT_JUPYTER_AGENTS"] ?? "8");
const rounds = 5;

describe.skipIf(target === undefined)(`${count} agents at one gateway`, () => {
  let server: JupyterProcess | undefined;
  beforeAll(async () => {
    if (target !== undefined) server = await JupyterProcess.start(target);
  }, 90_000);
  afterAll(() => server?.stop(), 120_000);

  it("call their tools in turn, mix nothing up and leave no kernel", async () => {
    if (server === undefined) throw new Error("The gateway did not start.");
    const { baseUrl, token } = server;
    const startTimeoutMs = 600_000;
    const executor = new JupyterExecutor({ baseUrl, token, startTimeoutMs });
    // All meet in each round: no agent goes on before every other one has called as often.
    const meeting = new Meeting(count);
    const run = async (name: string): Promise<unknown> => {
      const calls: string[] = [];
      const meet = tool({
        name: "meet",
        description: "Waits for the others.",
        inputSchema: z.object({ caller: z.string(), round: z.number() }),
        execute: async ({ caller, round }) => {
          calls.push(`${caller} ${round}`);
          await meeting.arrive();
          return `${name} ${round}`;
        },
      });
      const code = `met = []
for round in range(${rounds}):
    print("${name}", round)
    met.append(meet("${name}", round))`;
      const model = new ScriptedModel([
        `<execute>\n${code}\n</execute>`,
        "<execute>\nfinal_answer(' '.join(met))\n</execute>",
      ]);
      const agent = new Agent({
        model,
        executor,
        tools: [meet],
        limits: { cellTimeoutMs: 600_000 },
      });
      const printed: string[] = [];
      const result = await agent.run("Meet the others.", {
        onEvent: (event) => {
          if (event.type !== "observation") return;
          printed.push(JSON.stringify(event));
        },
      });
      return { status: result.status, output: "output" in result && result.output, calls, printed };
    };
    const names = Array.from({ length: count }, (_, i) => `agent-${i}-`);
    const ends = await Promise.all(names.map(run));
    for (const [i, name] of names.entries()) {
      const expected = Array.from({ length: rounds }, (_, round) => `${name} ${round}`);
      expect(ends[i]).toMatchObject({
        status: "answered",
        output: expected.join(" "),
        calls: expected,
      });
      const { printed } = ends[i] as { printed: string[] };
      const others = names.filter((other) => other !== name);
      expect(printed.join("\n")).toContain(`${name} ${rounds - 1}`);
      expect(others.filter((other) => printed.join("\n").includes(other))).toEqual([]);
    }
    expect(await server.kernels()).toEqual([]);
    await executor.close();
  }, 900_000);
});

/** A place where everybody waits for everybody, again and again. */
class Meeting {
  readonly #size: number;
  #waiting: (() => void)[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  arrive(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length < this.#size) return;
      for (const release of this.#waiting.splice(0)) release();
    });
  }
}
