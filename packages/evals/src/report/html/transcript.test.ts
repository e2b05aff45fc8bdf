import { Agent, codeFormat, nativeToolFormat } from "@codeact/core";
import { FakeExecutor, ScriptedModel } from "@codeact/core/testing";
import { describe, expect, it } from "vitest";
import { attempt } from "../../../test/attempts.js";
import { transcript } from "./transcript.js";

describe("transcript", () => {
  it("shows the code of a native call as code", async () => {
    const executor = new FakeExecutor([async (_code, { print }) => print("6")]);
    const toolCall = {
      toolCallId: "call-1",
      name: "execute_python",
      arguments: JSON.stringify({ code: 'total = 1 + 2 + 3\nprint(f"{total}")' }),
    };
    const model = new ScriptedModel([{ text: "I add.", toolCalls: [toolCall] }, "6"]);
    const agent = new Agent({ model, executor, actionFormat: nativeToolFormat() });
    const { trajectory } = await agent.run("Add.");
    const html = transcript({ ...attempt("sums/one"), format: "native", trajectory }, "one");
    expect(html).toContain("I add.\ntotal = 1 + 2 + 3\nprint(f&quot;{total}&quot;)</pre>");
  });

  it("shows a native call that carries no code as it was written", async () => {
    const executor = new FakeExecutor([]);
    const toolCall = { toolCallId: "call-1", name: "weather", arguments: '{"city": "Rome"}' };
    const model = new ScriptedModel([{ toolCalls: [toolCall] }, "Sun."]);
    const agent = new Agent({ model, executor, actionFormat: nativeToolFormat() });
    const { trajectory } = await agent.run("What weather?");
    const html = transcript({ ...attempt("sums/one"), format: "native", trajectory }, "one");
    expect(html).toContain("weather({&quot;city&quot;: &quot;Rome&quot;})");
  });

  it("shows reasoning, folded", async () => {
    const model = new ScriptedModel([{ reasoning: "Is 1 < 2?", text: "Yes." }]);
    const agent = new Agent({
      model,
      executor: new FakeExecutor([]),
      actionFormat: codeFormat(),
    });
    const { trajectory } = await agent.run("Is 1 less than 2?");
    const html = transcript({ ...attempt("sums/one"), trajectory }, "one");
    expect(html).toContain('Reasoning</summary><pre class="output">Is 1 &lt; 2?</pre></details>');
    expect(html).toContain('<pre class="action">Yes.</pre>');
  });
});
