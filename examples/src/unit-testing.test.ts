// Unit tests of an agent, without a model and without Python: copy this file and go on from it.
import { Agent, tool } from "@codeact/core";
import { FakeExecutor, FakePythonError, ScriptedModel } from "@codeact/core/testing";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";

const findUser = vi.fn(async (name: string) => (name === "Ada" ? { id: 7 } : undefined));

/** The code under test: an agent of an application, with its model and executor from outside. */
function createSupportAgent(options: { model: ScriptedModel; executor: FakeExecutor }) {
  const findUserTool = tool({
    name: "find_user",
    description: "Finds a user by name.",
    inputSchema: z.object({ name: z.string() }),
    outputSchema: z.object({ id: z.int() }),
    execute: async ({ name }) => {
      const user = await findUser(name);
      if (!user) throw new Error(`There is no user ${name}.`);
      return user;
    },
  });
  return new Agent({
    ...options,
    tools: [findUserTool],
    outputSchema: z.int(),
    limits: { steps: 3 },
  });
}

describe("the support agent", () => {
  test("finds a user", async () => {
    const model = new ScriptedModel([
      "<execute>find_user('Ada')</execute>",
      (request) => {
        // What the model would read is in the request.
        expect(JSON.stringify(request.messages.at(-1))).toContain("7");
        return "7";
      },
    ]);
    // A function stands for the code of each cell.
    const executor = new FakeExecutor([(_code, { call }) => call("find_user", { name: "Ada" })]);

    const result = await createSupportAgent({ model, executor }).run("What is Ada's id?");

    expect(result).toMatchObject({ status: "answered", output: 7, steps: 2 });
    expect(findUser).toHaveBeenCalledWith("Ada");
    expect(executor.executed).toEqual([expect.stringContaining("find_user('Ada')")]);
    model.assertDone();
    executor.assertDone();
  });

  test("lets the model see why a tool failed", async () => {
    const model = new ScriptedModel(["<execute>find_user('Bob')</execute>", "0"]);
    const executor = new FakeExecutor([(_code, { call }) => call("find_user", { name: "Bob" })]);

    const result = await createSupportAgent({ model, executor }).run("What is Bob's id?");

    const observation = result.trajectory.events.find(({ type }) => type === "observation");
    expect(observation).toMatchObject({ status: "error" });
    expect(observation).toHaveProperty("text", expect.stringContaining("There is no user Bob."));
  });

  test("stops at its limit when the code never works", async () => {
    const code = "<execute>find_user(1 / 0)</execute>";
    const model = new ScriptedModel([code, code, code]);
    const executor = new FakeExecutor(() => {
      throw new FakePythonError("ZeroDivisionError", "division by zero");
    });

    const result = await createSupportAgent({ model, executor }).run("What is Ada's id?");

    expect(result).toMatchObject({ status: "step-limit", steps: 3 });
    expect(findUser).not.toHaveBeenCalledWith("");
  });
});
