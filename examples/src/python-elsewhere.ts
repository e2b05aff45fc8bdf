// The agent and its tools here, Python elsewhere. Name the way there, for example
// PYTHON_COMMAND="docker run -i --rm --network=none python:3.12-slim python3"; without it, a shell
// that greets and an empty environment stand in.
import assert from "node:assert/strict";
import { Agent, tool } from "@codeact/core";
import { PythonExecutor } from "@codeact/executors/python";
import { z } from "zod";
import { modelOr } from "./model.js";

const model = modelOr([
  `<execute>
import os
rows = orders(customer="Ada")
with open("orders.csv", "w") as file:
    file.writelines(f"{row['item']},{row['euros']}\\n" for row in rows)
print(sum(row["euros"] for row in rows), "SHOP_KEY" in os.environ)
</execute>`,
  "Ada spent 45 euros.",
]);

// Only the host has the key.
process.env["SHOP_KEY"] = "secret";

const orders = tool({
  name: "orders",
  description: "The orders of a customer.",
  inputSchema: z.object({ customer: z.string() }),
  outputSchema: z.array(z.object({ item: z.string(), euros: z.number() })),
  execute: async () => {
    assert.equal(process.env["SHOP_KEY"], "secret");
    return [
      { item: "pen", euros: 5 },
      { item: "book", euros: 40 },
    ];
  },
});

const command = process.env["PYTHON_COMMAND"]?.split(" ") ?? [
  "sh",
  "-c",
  'echo "Welcome to far away."; exec env -i "PATH=$PATH" "HOME=$HOME" "$@"',
  "--",
  "python3",
];
const executor = new PythonExecutor({ command });
const session = await new Agent({ model, executor, tools: [orders] }).session();
try {
  const result = await session.run(
    'What did Ada spend in total? Write her orders to orders.csv, as "item,euros", without a header.',
  );
  assert.equal(result.status, "answered");
  console.log(result.output);
  assert.match(result.output, /45/);
  const csv = new TextDecoder().decode(await session.files.read("orders.csv"));
  console.log(csv);
  assert.match(csv, /book,40/);
} finally {
  await session.close();
  await executor.close();
}
