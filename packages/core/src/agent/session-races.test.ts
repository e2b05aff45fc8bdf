import { describe, expect, it } from "vitest";
import type { StartOptions } from "../executor/executor.js";
import { FakeExecutor, ScriptedModel } from "../testing/index.js";
import { Agent } from "./agent.js";
import { code } from "./test-support.js";

describe("a session used from several places at once", () => {
  it("is busy from the first event of a run on", async () => {
    const agent = new Agent({
      model: new ScriptedModel(["one", "two"]),
      executor: new FakeExecutor([]),
    });
    const session = await agent.session();
    const nested: Promise<unknown>[] = [];
    agent.once("start", () => nested.push(session.run("Two.").catch((error: unknown) => error)));
    await session.run("One.");
    expect(await Promise.all(nested)).toMatchObject([{ code: "session-busy" }]);
    await session.close();
  });

  it("can be closed by a listener of the first event", async () => {
    const executor = new FakeExecutor([]);
    const agent = new Agent({ model: new ScriptedModel(["never asked"]), executor });
    const session = await agent.session();
    let runEnded = false;
    let endedBeforeClose: boolean | undefined;
    agent.once("finish", () => (runEnded = true));
    const closeAndLook = async (): Promise<void> => {
      await session.close();
      endedBeforeClose = runEnded;
    };
    agent.once("start", () => void closeAndLook());
    await expect(session.run("One.")).rejects.toMatchObject({ code: "session-closed" });
    await session.close();
    expect(endedBeforeClose).toBe(true);
    expect(executor.closed).toBe(1);
  });

  it("refuses a run while it goes back to a checkpoint, and a second restore", async () => {
    const executor = new FakeExecutor(() => 1);
    const agent = new Agent({ model: new ScriptedModel(["one"]), executor });
    const session = await agent.session();
    const checkpoint = await session.checkpoint();
    const [restored, run, again] = await Promise.allSettled([
      session.restore(checkpoint),
      session.run("One."),
      session.restore(checkpoint),
    ]);
    expect(restored.status).toBe("fulfilled");
    expect([run, again]).toMatchObject([
      { reason: { code: "session-busy" } },
      { reason: { code: "session-busy" } },
    ]);
    await session.run("One.");
    await Promise.all([session.close(), checkpoint.close()]);
    expect(executor.closed).toBe(executor.started);
  });

  it("leaves no interpreter behind when it is closed while it goes back or forks", async () => {
    const executor = new FakeExecutor(() => 1);
    const session = await new Agent({ model: new ScriptedModel([]), executor }).session();
    const checkpoint = await session.checkpoint();
    const [branch] = await Promise.all([
      session.fork(),
      session.restore(checkpoint),
      session.close(),
    ]);
    await Promise.all([checkpoint.close(), branch.close()]);
    expect(executor.closed).toBe(executor.started);
  });

  it("keeps its state when a restore fails", async () => {
    const executor = new FakeExecutor((source, { variables }) =>
      source === "set" ? void variables.set("x", 1) : (variables.get("x") ?? "gone"),
    );
    const model = new ScriptedModel([code("set"), "set", code("get"), "got"]);
    const session = await new Agent({ model, executor }).session();
    await session.run("Set it.");
    const checkpoint = await session.checkpoint();
    await checkpoint.close();
    await expect(session.restore(checkpoint)).rejects.toMatchObject({ code: "executor-closed" });
    await session.run("Get it.");
    expect(JSON.stringify(model.requests.at(-1)?.messages.at(-1))).toContain("1");
    await session.close();
  });
});

describe("the end of a run that has not needed Python", () => {
  it("does not wait for the interpreter to start", async () => {
    let givenUp = false;
    const executor = {
      name: "slow",
      close: async () => undefined,
      start: (options?: StartOptions) =>
        new Promise<never>((_resolve, reject) => {
          options?.signal?.addEventListener("abort", () => {
            givenUp = true;
            reject(options.signal?.reason as Error);
          });
        }),
    };
    const agent = new Agent({ model: new ScriptedModel(["An answer."]), executor });
    expect(await agent.run("Go.")).toMatchObject({ status: "answered" });
    expect(givenUp).toBe(true);
  });
});

describe("a branch of a session", () => {
  const picture = { mediaType: "image/png", data: "AAAA" };

  it("keeps showing the images of its tasks", async () => {
    const display = { "image/png": "BBBB" };
    const executor = new FakeExecutor((_code, cell) => cell.display(display));
    const model = new ScriptedModel([code("a"), code("b"), code("c"), "seen", "seen"]);
    const session = await new Agent({ model, executor }).session();
    await session.run({ text: "Look.", images: [picture] });
    const branch = await session.fork();
    await branch.run("And now?");
    expect(JSON.stringify(model.requests.at(-1))).toContain(picture.data);
    await Promise.all([session.close(), branch.close()]);
  });

  it("still tells the model that variables are gone, when nobody has yet", async () => {
    const model = new ScriptedModel(["ok"]);
    const agent = new Agent({ model, executor: new FakeExecutor([]) });
    const session = await agent.session({
      messages: [{ role: "assistant", content: [{ type: "text", text: "Before." }] }],
    });
    const branch = await session.fork();
    await branch.run("Go on.");
    expect(JSON.stringify(model.requests[0])).toContain("are gone");
    await Promise.all([session.close(), branch.close()]);
  });
});
