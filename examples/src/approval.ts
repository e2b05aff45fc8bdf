// Approval: a person, or a rule, allows, denies or edits a call before it happens. Python waits
// meanwhile, and the cell's clock stands.
import assert from "node:assert/strict";
import { Agent, type ApprovalDecision, type ApprovalRequest, tool } from "@codeact/core";
import { PythonExecutor } from "@codeact/executors/python";
import { z } from "zod";
import { modelOr } from "./model.js";

const paid: Record<string, number> = {};

const refundInput = z.object({ order: z.string(), euros: z.number().positive() });

const refund = tool({
  name: "refund",
  description: "Pays back an order, in euros.",
  inputSchema: refundInput,
  needsApproval: true,
  execute: ({ order, euros }) => {
    paid[order] = euros;
    return `paid ${euros} €`;
  },
});

/** Every action is asked for too; here only tool calls are judged. */
function approve(request: ApprovalRequest): ApprovalDecision {
  if (request.type === "action") return { decision: "allow" };
  const { order, euros } = refundInput.parse(request.input);
  console.log(`refund of ${euros} € for ${order}?`);
  if (euros <= 50) return { decision: "allow" };
  if (euros <= 100) return { decision: "edit", input: { order, euros: 50 } };
  return { decision: "deny", reason: "Refunds above 100 € need a manager." };
}

const model = modelOr([
  `<execute>
for order, euros in {"A1": 20, "B2": 80, "C3": 900}.items():
    try:
        print(order, refund(order, euros))
    except ToolError as error:
        print(order, error)
</execute>`,
  "A1 and B2 were refunded with 20 € and 50 €. C3 needs a manager.",
]);

const executor = new PythonExecutor();
const agent = new Agent({ model, executor, tools: [refund], approve });
agent.on("approval-result", ({ decision, reason }) => console.log(decision, reason ?? ""));
try {
  const result = await agent.run("Refund A1 with 20 €, B2 with 80 € and C3 with 900 €.");
  assert.equal(result.status, "answered");
  console.log(result.output);
  assert.deepEqual(paid, { A1: 20, B2: 50 });
} finally {
  await executor.close();
}
