import { describe, expect, it } from "vitest";
import { messageText } from "../model/message.js";
import { FakeExecutor, type FakeCellHandler, ScriptedModel } from "../testing/index.js";
import { Agent } from "./agent.js";
import { code } from "./test-support.js";

/** `set NAME VALUE` and `get NAME`. */
const variables: FakeCellHandler = (source, { variables: names }) => {
  const [verb, name = "", value] = source.trim().split(" ");
  return verb === "set" ? void names.set(name, value) : (names.get(name) ?? "undefined");
};

function setUp(replies: ConstructorParameters<typeof ScriptedModel>[0]) {
  const model = new ScriptedModel(replies);
  const executor = new FakeExecutor(variables);
  return { model, executor, agent: new Agent({ model, executor }) };
}

function lastText(model: ScriptedModel): string {
  const message = model.requests.at(-1)?.messages.at(-1);
  return message ? messageText(message) : "";
}

describe("AgentSession", () => {
  it("keeps conversation and variables over runs", async () => {
    const { model, executor, agent } = setUp([code("set x 5"), "set", code("get x"), "got"]);
    const session = await agent.session();
    await session.run("Set it.");
    await session.run("Get it.");
    expect(lastText(model)).toContain("5");
    expect(model.requests.at(-1)?.messages).toHaveLength(8);
    expect(executor.started).toBe(1);
    await session.close();
    expect(executor.closed).toBe(1);
  });

  it("refuses a second run while one is under way", async () => {
    const { agent } = setUp(["one"]);
    const session = await agent.session();
    const first = session.run("One.");
    await expect(session.run("Two.")).rejects.toMatchObject({ code: "session-busy" });
    await expect(session.fork()).rejects.toMatchObject({ code: "session-busy" });
    expect(await first).toMatchObject({ status: "answered" });
    await session.close();
  });

  it("goes on from stored messages and says that the variables are gone", async () => {
    const before = setUp([code("set x 5"), "set"]);
    const first = await before.agent.session();
    await first.run("Set it.");
    const stored = JSON.parse(JSON.stringify(first.messages)) as typeof first.messages;
    await first.close();

    const { model, agent } = setUp(["ok", "still ok"]);
    const session = await agent.session({ messages: stored });
    await session.run("Get it.");
    expect(lastText(model)).toMatch(/new.*gone/s);
    await session.run("And now?");
    expect(lastText(model)).not.toMatch(/gone/);
    await session.close();
  });

  it("goes on from a conversation that was stored in the middle of a step", async () => {
    const { model, agent } = setUp(["ok"]);
    const session = await agent.session({
      messages: [
        { role: "user", content: [{ type: "text", text: "Go." }] },
        {
          role: "assistant",
          content: [{ type: "tool-call", toolCallId: "a", name: "x", arguments: "{}" }],
        },
      ],
    });
    await session.run("Go on.");
    expect(model.requests[0]?.messages.map(({ role }) => role)).toEqual(
      "system user assistant tool user".split(" "),
    );
    await session.close();
  });

  it("forks conversation and variables", async () => {
    const { model, executor, agent } = setUp([
      code("set x 1"),
      "set",
      code("set x 2"),
      "changed in the branch",
      code("get x"),
      "read in the source",
    ]);
    const session = await agent.session();
    await session.run("Set it.");
    const branch = await session.fork();
    await branch.run("Change it.");
    await session.run("Read it.");
    expect(lastText(model)).toContain("1");
    expect(session.messages.length).toBe(branch.messages.length);
    await session.close();
    await branch.close();
    expect(executor.closed).toBe(executor.started);
  });

  it("goes back to a checkpoint, more than once", async () => {
    const { model, agent } = setUp([
      code("set x 1"),
      "set",
      code("set x 2"),
      "changed",
      code("get x"),
      "read",
      code("set x 3"),
      "changed",
      code("get x"),
      "read",
    ]);
    const session = await agent.session();
    await session.run("Set it.");
    const checkpoint = await session.checkpoint();
    const kept = session.messages.length;
    for (let round = 0; round < 2; round++) {
      await session.run("Change it.");
      await session.restore(checkpoint);
      expect(session.messages).toHaveLength(kept);
      await session.run("Read it.");
      expect(lastText(model)).toContain("1");
      await session.restore(checkpoint);
    }
    await checkpoint.close();
    await session.close();
  });

  it("refuses a checkpoint of another session", async () => {
    const { agent } = setUp([]);
    const [one, two] = [await agent.session(), await agent.session()];
    const checkpoint = await one.checkpoint();
    await expect(two.restore(checkpoint)).rejects.toMatchObject({ code: "invalid-option" });
    await Promise.all([one.close(), two.close(), checkpoint.close()]);
  });

  it("says when its executor cannot fork", async () => {
    const executor = new FakeExecutor(variables, { capabilities: { fork: false } });
    const agent = new Agent({ model: new ScriptedModel([]), executor });
    const session = await agent.session();
    await expect(session.fork()).rejects.toMatchObject({ code: "fork" });
    await session.close();
  });

  it("aborts the run under way when it is closed, and can be closed again", async () => {
    const model = new ScriptedModel([{ text: "…", gate: new Promise(() => undefined) }]);
    const executor = new FakeExecutor(variables);
    const session = await new Agent({ model, executor }).session();
    const running = session.run("Go.");
    await Promise.all([
      expect(running).rejects.toMatchObject({ code: "session-closed" }),
      session.close(),
    ]);
    await session.close();
    expect(executor.closed).toBe(1);
    await expect(session.run("Again.")).rejects.toMatchObject({ code: "session-closed" });
  });

  it("is closed by `await using`", async () => {
    const { agent, executor } = setUp([]);
    const session = await agent.session();
    const dispose = Reflect.get(session, Symbol.asyncDispose) as () => Promise<void>;
    await dispose.call(session);
    expect(executor.closed).toBe(1);
  });

  it("gives access to the workspace", async () => {
    const { agent } = setUp([]);
    const session = await agent.session();
    await session.files.write("a.txt", "hello");
    expect(new TextDecoder().decode(await session.files.read("a.txt"))).toBe("hello");
    await session.close();
  });
});
