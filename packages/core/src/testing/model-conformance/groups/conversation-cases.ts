import type { Message } from "../../../model/message.js";
import type { ModelTool } from "../../../model/model.js";
import { check, checkEqual, checkIncludes } from "../../executor-conformance/assertions.js";
import type { ModelCaseGroup } from "../model-case.js";
import type { ModelToolCallReply } from "../model-under-test.js";
import { answer, finishOf, hello, messageOf, says, textOf } from "../requests.js";

const addTool: ModelTool = {
  name: "add",
  description: "Adds two numbers.",
  inputSchema: {
    type: "object",
    properties: { left: { type: "number" }, right: { type: "number" } },
  },
};

/** The message with what the agent would answer to its calls. */
function withResults(message: ReturnType<typeof messageOf>, result: string): Message[] {
  const calls = message.content.filter((part) => part.type === "tool-call");
  if (calls.length === 0) return [message, says(result)];
  const content = calls.map(({ toolCallId, name }) => ({
    type: "tool-result" as const,
    toolCallId,
    name,
    content: [{ type: "text" as const, text: result }],
  }));
  return [message, { role: "tool", content }];
}

/** What the model is told, and what it gets back of what it said. */
export const conversationGroup: ModelCaseGroup = {
  name: "conversations",
  cases: [
    {
      name: "reach the API with every message",
      async run(subject) {
        const { model } = subject;
        subject.reply({ text: ["a"] });
        const messages: Message[] = [
          { role: "system", content: [{ type: "text", text: "systemic" }] },
          says("asked"),
          { role: "assistant", content: [{ type: "text", text: "answered" }] },
          says('grüße 👩‍👩‍👧 \\ " end'),
        ];
        await answer(model, { messages });
        const [request] = subject.requests;
        for (const part of ["systemic", "asked", "answered", "grüße 👩‍👩‍👧"]) {
          checkIncludes(request ?? "", part, "request");
        }
      },
    },
    {
      name: "may hold a message of one megabyte",
      async run(subject) {
        const { model } = subject;
        subject.reply({ text: ["a"] });
        const text = `begin${"0123456789".repeat(100_000)}end`;
        await answer(model, { messages: [says(text)] });
        check(subject.requests[0]?.includes(text) === true, "the message did not arrive whole");
      },
    },
    {
      name: "may hold a text that was cut within a character",
      async run(subject) {
        const { model } = subject;
        subject.reply({ text: ["a"] });
        await answer(model, { messages: [says("cut \uD83D"), says("\uDE00 cut")] });
        checkEqual(subject.requests.length, 1, "requests");
      },
    },
    {
      name: "show images",
      needs: ["images"],
      async run(subject) {
        const { model } = subject;
        subject.reply({ text: ["a"] });
        const data =
          "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";
        await answer(model, {
          messages: [
            {
              role: "user",
              content: [
                { type: "text", text: "Look:" },
                { type: "image", mediaType: "image/png", data },
              ],
            },
          ],
        });
        checkIncludes(subject.requests[0] ?? "", data, "request");
      },
    },
    {
      name: "carry tool calls and their results",
      needs: ["tools"],
      async run(subject) {
        const { model } = subject;
        const calls: ModelToolCallReply[] = [
          { toolCallId: "call_1", name: "add", arguments: '{"left":1,"right":2}' },
          { toolCallId: "call_2", name: "add", arguments: '{"left":3,"right":4}' },
        ];
        subject.replyWithToolCalls(calls);
        const request = hello({ tools: [addTool] });
        const events = await answer(model, request);
        const found = events.flatMap((event) =>
          event.type === "tool-call"
            ? [{ toolCallId: event.toolCallId, name: event.name, arguments: event.arguments }]
            : [],
        );
        checkEqual(found, calls, "tool calls");
        checkEqual(finishOf(events).reason, "tool-calls", "reason");
        checkIncludes(subject.requests[0] ?? "", addTool.description, "request");
        subject.reply({ text: ["done"] });
        const next = [...request.messages, ...withResults(messageOf(events), "the sum")];
        checkEqual(textOf(await answer(model, { ...request, messages: next })), "done", "text");
        for (const part of ["call_1", "call_2", "the sum"]) {
          checkIncludes(subject.requests[1] ?? "", part, "next request");
        }
      },
    },
    {
      name: "survive arguments that are no JSON",
      needs: ["tools", "broken-arguments"],
      async run(subject) {
        const { model } = subject;
        const text = '{"left": 1, "right"';
        subject.replyWithToolCalls([{ toolCallId: "call_1", name: "add", arguments: text }]);
        const request = hello({ tools: [addTool] });
        const events = await answer(model, request);
        const call = events.find((event) => event.type === "tool-call");
        checkEqual(call?.arguments, text, "arguments as the model wrote them");
        subject.reply({ text: ["done"] });
        const next = [...request.messages, ...withResults(messageOf(events), "no JSON")];
        checkEqual(textOf(await answer(model, { ...request, messages: next })), "done", "text");
      },
    },
    {
      name: "give provider data back, also after they were stored",
      needs: ["signatures"],
      async run(subject) {
        const { model } = subject;
        const mark = "signature+/0123456789==";
        subject.replySigned(mark);
        const request = hello(model.capabilities?.tools ? { tools: [addTool] } : {});
        const stored = JSON.stringify(messageOf(await answer(model, request)));
        checkIncludes(stored, mark, "message");
        subject.reply({ text: ["done"] });
        const message = JSON.parse(stored) as ReturnType<typeof messageOf>;
        await answer(model, {
          ...request,
          messages: [...request.messages, ...withResults(message, "go on")],
        });
        checkIncludes(subject.requests[1] ?? "", mark, "next request");
      },
    },
    {
      name: "take no harm from provider data of other models",
      needs: ["signatures"],
      async run(subject) {
        const { model } = subject;
        subject.reply({ text: ["done"] });
        const providerData = { other: { secret: "foreign" }, list: [1, null, "x"] };
        const call = { toolCallId: "call_1", name: "add" };
        const withTools = model.capabilities?.tools === true;
        await answer(model, {
          messages: [
            says("Hello"),
            {
              role: "assistant",
              content: [
                { type: "reasoning", text: "thought", providerData },
                { type: "text", text: "spoken", providerData: ["foreign"] },
                ...(withTools
                  ? [{ type: "tool-call" as const, ...call, arguments: "{}", providerData }]
                  : []),
              ],
            },
            ...(withTools
              ? [
                  {
                    role: "tool" as const,
                    content: [{ type: "tool-result" as const, ...call, content: [], providerData }],
                  },
                ]
              : [says("Go on")]),
          ],
          ...(withTools ? { tools: [addTool] } : {}),
        });
        const [request] = subject.requests;
        check(request?.includes("foreign") === false, "foreign provider data were sent");
        checkIncludes(request, "spoken", "request");
      },
    },
  ],
};
