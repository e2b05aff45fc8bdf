import { Agent } from "@codeact/core";
import { ScriptedModel } from "@codeact/core/testing";
import { PythonExecutor } from "@codeact/executors/python";
import { afterAll, describe, expect, it } from "vitest";
import { hasUsefulAction } from "./useful-action.js";

const executor = new PythonExecutor();
afterAll(() => executor.close());

async function isUseful(code: string): Promise<boolean> {
  const model = new ScriptedModel([`<execute>\n${code}\n</execute>`, "Done."]);
  const { trajectory } = await new Agent({ model, executor }).run("Solve it.");
  return hasUsefulAction(trajectory);
}

describe("hasUsefulAction", { timeout: 60_000 }, () => {
  it.each([
    ["final_answer(42)", false],
    ["# I know it.\nfinal_answer(\n    ('a (', \"b #\"),\n)\n", false],
    ["final_answer('''\nprint(1)\n''')", false],
    ["print(1)", true],
    ["x = 6 * 7\nfinal_answer(x)", true],
    ["1 / 0", false],
  ])("%j: %s", async (code, useful) => {
    expect(await isUseful(code)).toBe(useful);
  });
});
