import { describe, expect, it } from "vitest";
import * as z from "zod";
import { jsonFormat } from "../action-format/json-format.js";
import { messageText } from "../model/message.js";
import { FakeExecutor, type FakeCellHandler, ScriptedModel } from "../testing/index.js";
import { Agent } from "./agent.js";
import { code, eventsOf } from "./test-support.js";

const outputSchema = z.object({ city: z.string(), celsius: z.number() });
const oslo = { city: "Oslo", celsius: 3 };
const final =
  (value: unknown): FakeCellHandler =>
  (_code, { call }) =>
    call("final_answer", { value } as never);

describe("final answers", () => {
  it("takes a typed value from final_answer and ends the cell", async () => {
    const executor = new FakeExecutor([
      async (_code, { call, print }) => {
        await call("final_answer", { value: oslo });
        await print("never reached");
      },
    ]);
    const model = new ScriptedModel([code("final_answer(…)")]);
    const result = await new Agent({ model, executor, outputSchema }).run("Where?");
    expect(result).toMatchObject({ status: "answered", output: oslo, steps: 1 });
  });

  it("raises in the cell what does not fit the schema, so that the model repairs it at once", async () => {
    const seen: unknown[] = [];
    const executor = new FakeExecutor([
      async (_code, { call }) => {
        await call("final_answer", { value: { city: "Oslo" } }).catch((error: unknown) =>
          seen.push(error),
        );
        await call("final_answer", { value: oslo });
      },
    ]);
    const model = new ScriptedModel([code("final_answer(…)")]);
    const result = await new Agent({ model, executor, outputSchema }).run("Where?");
    expect(result).toMatchObject({ status: "answered", output: oslo });
    expect(seen).toMatchObject([
      { type: "ValueError", message: expect.stringContaining("celsius") as string },
    ]);
  });

  it("keeps the first valid answer, whatever the cell does afterwards", async () => {
    const executor = new FakeExecutor([
      async (_code, { call, crash }) => {
        await Promise.allSettled([
          call("final_answer", { value: oslo }),
          call("final_answer", { value: { city: "Rome", celsius: 20 } }),
        ]);
        crash();
      },
    ]);
    const model = new ScriptedModel([code("final_answer(…)")]);
    const result = await new Agent({ model, executor, outputSchema }).run("Where?");
    expect(result).toMatchObject({ status: "answered", output: oslo });
  });

  it("transforms the value, and keeps what the model gave in the event", async () => {
    const model = new ScriptedModel([code("final_answer('2026-01-02')")]);
    const agent = new Agent({
      model,
      executor: new FakeExecutor([final("2026-01-02")]),
      outputSchema: z.string().transform((text) => new Date(text)),
    });
    const events = eventsOf(agent);
    const result = await agent.run("When?");
    expect(result).toMatchObject({ output: new Date("2026-01-02") });
    expect(events.at(-1)).toMatchObject({ type: "finish", output: "2026-01-02" });
  });

  it("reads a text answer as JSON where the schema takes no string", async () => {
    const model = new ScriptedModel([`\`\`\`json\n${JSON.stringify(oslo)}\n\`\`\``]);
    const agent = new Agent({ model, executor: new FakeExecutor([]), outputSchema });
    // A fence would be an action in code; a plain object is an answer.
    const plain = new ScriptedModel([JSON.stringify(oslo)]);
    expect(
      await new Agent({ model: plain, executor: new FakeExecutor([]), outputSchema }).run("Where?"),
    ).toMatchObject({ status: "answered", output: oslo });
    expect(await agent.run("Where?")).toMatchObject({ status: "answered", output: oslo });
  });

  it("takes a text answer raw where the schema takes a string", async () => {
    const model = new ScriptedModel(["42"]);
    const agent = new Agent({ model, executor: new FakeExecutor([]), outputSchema: z.string() });
    expect(await agent.run("?")).toMatchObject({ output: "42" });
  });

  it("corrects a text answer that does not fit, which counts as invalid", async () => {
    const model = new ScriptedModel(["Oslo, I think.", '{"city": "Oslo"}', "no"]);
    const agent = new Agent({ model, executor: new FakeExecutor([]), outputSchema });
    const events = eventsOf(agent);
    const result = await agent.run("Where?");
    expect(result).toMatchObject({ status: "invalid-limit", steps: 3 });
    expect(events.filter(({ type }) => type === "observation")).toMatchObject([
      { status: "invalid" },
      { status: "invalid", text: expect.stringContaining("celsius") as string },
      { status: "invalid" },
    ]);
  });

  it("takes final_answer as a call action too", async () => {
    const model = new ScriptedModel([
      JSON.stringify({ tool: "final_answer", args: { value: { city: "Oslo" } } }),
      JSON.stringify({ tool: "final_answer", args: { value: oslo } }),
    ]);
    const agent = new Agent({ model, actionFormat: jsonFormat(), outputSchema });
    const result = await agent.run("Where?");
    expect(result).toMatchObject({ status: "answered", output: oslo, steps: 2 });
    const correction = model.requests[1]?.messages.at(-1);
    expect(correction && messageText(correction)).toContain("celsius");
  });
});

describe("checkAnswer", () => {
  it("sends feedback and lets the run go on", async () => {
    const rejected: number[] = [];
    const model = new ScriptedModel(["40", code("final_answer(41)"), "42"]);
    const agent = new Agent({
      model,
      executor: new FakeExecutor([final("41")]),
      checkAnswer: (answer, context) => {
        rejected.push(context.rejected);
        return answer === "42" ? undefined : "Your answer is wrong.";
      },
    });
    const events = eventsOf(agent);
    const result = await agent.run("?");
    expect(result).toMatchObject({ status: "answered", output: "42", steps: 3 });
    expect(rejected).toEqual([0, 1, 2]);
    expect(events.filter((event) => event.type === "observation" && !event.actionId)).toMatchObject(
      [
        { status: "rejected", text: "Your answer is wrong." },
        { status: "rejected", text: "Your answer is wrong." },
      ],
    );
    const last = model.requests[2]?.messages.at(-1);
    expect(last && messageText(last)).toContain("Your answer is wrong.");
  });

  it("ends at the step limit when no answer is accepted", async () => {
    const model = new ScriptedModel(["1", "2"]);
    const agent = new Agent({
      model,
      executor: new FakeExecutor([]),
      limits: { steps: 2 },
      checkAnswer: () => "No.",
    });
    const result = await agent.run("?");
    expect(result).toMatchObject({ status: "step-limit", steps: 2 });
    expect(result).not.toHaveProperty("output");
  });
});
