import { tool } from "@codeact/core";
import { z } from "zod";
import { agentTask } from "../src/suite/agent-task.js";
import { call } from "../src/suite/oracle.js";
import type { Suite } from "../src/suite/task.js";

const add = tool({
  name: "add",
  description: "Adds two numbers.",
  inputSchema: z.object({ left: z.number(), right: z.number() }),
  outputSchema: z.number(),
  execute: ({ left, right }) => left + right,
});

/** A suite of small sums in two families, `small` and `large`. */
export function sumsSuite(count: number): Suite {
  return {
    name: "sums",
    formats: ["code", "json", "text"],
    tasks: Array.from({ length: count }, (_, index) => {
      const family = index % 2 === 0 ? "small" : "large";
      const [left, right] = [index + 1, family === "small" ? 2 : 2000];
      return agentTask({
        id: `${family}/sum-${index + 1}`,
        family,
        prompt: `What is ${left} + ${right}? (Question ${index + 1})`,
        answerSchema: z.number(),
        expected: left + right,
        begin: () => ({ tools: [add] }),
        oracle: {
          python: `final_answer(add(${left}, ${right}))`,
          *steps() {
            return yield* call<number>("add", { left, right });
          },
        },
      });
    }),
  };
}
