// A session keeps the conversation and the live Python over several runs; files go in and out.
import assert from "node:assert/strict";
import { Agent } from "@codeact/core";
import { PythonExecutor } from "@codeact/executors/python";
import { modelOr } from "./model.js";

const model = modelOr([
  `<execute>
import csv
with open("sales.csv", newline="") as file:
    sales = {row["month"]: int(row["euros"]) for row in csv.DictReader(file)}
print(sales)
</execute>`,
  "I loaded three months.",
  "<execute>max(sales, key=sales.get)</execute>",
  "February was the best month.",
  `<execute>
with open("report.txt", "w") as file:
    file.write(f"total: {sum(sales.values())}")
</execute>`,
  "The report is in report.txt.",
]);

const executor = new PythonExecutor();
const agent = new Agent({ model, executor });
const session = await agent.session();
try {
  await session.run({
    text: "Load the sales.",
    files: { "sales.csv": "month,euros\nJanuary,120\nFebruary,340\nMarch,200\n" },
  });
  const best = await session.run("Which month was the best?");
  assert.equal(best.status, "answered");
  console.log(best.output);
  assert.match(best.output, /February/);

  await session.run('Write "total: " and the sum of all months to report.txt.');
  const report = new TextDecoder().decode(await session.files.read("report.txt"));
  console.log(report);
  assert.equal(report.trim(), "total: 660");
} finally {
  await session.close();
  await executor.close();
}
