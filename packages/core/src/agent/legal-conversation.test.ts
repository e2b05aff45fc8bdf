import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeFormat } from "../action-format/code-format.js";
import { nativeToolFormat } from "../action-format/native-tool-format.js";
import { ModelError } from "../errors/model-error.js";
import type { Message } from "../model/message.js";
import {
  FakeExecutor,
  ScriptedModel,
  type ScriptedMessage,
  type ScriptedToolCall,
} from "../testing/index.js";
import { trajectoryMessages } from "../trajectory/trajectory.js";
import { Agent } from "./agent.js";

/** What an API would refuse about the messages of a request. */
function problemsOf(messages: readonly Message[]): string[] {
  const problems: string[] = [];
  let open: string[] = [];
  for (const [index, message] of messages.entries()) {
    const previous = messages[index - 1]?.role;
    if ((message.role === "system") !== (index === 0)) problems.push(`${index}: system`);
    if (message.content.length === 0) problems.push(`${index}: empty ${message.role}`);
    if (message.role !== "tool" && open.length > 0)
      problems.push(`${index}: open calls ${open.join()}`);
    if (message.role === previous) problems.push(`${index}: ${message.role} twice in a row`);
    if (message.role === "tool") {
      const answered = message.content.map(({ toolCallId }) => toolCallId);
      if (answered.join() !== open.join())
        problems.push(`${index}: ${answered.join()} for ${open.join()}`);
      open = [];
    } else {
      open = message.content.flatMap((part) => (part.type === "tool-call" ? part.toolCallId : []));
    }
  }
  if (open.length > 0) problems.push(`open calls at the end: ${open.join()}`);
  return problems;
}

const call = { name: "execute_python", arguments: { code: "x" } };
const replies = {
  act: { text: "I act.\n<execute>\nx\n</execute>" },
  "call once": { text: "I call.", toolCalls: [call] },
  "call twice": { toolCalls: [call, call] },
  "call with text between tags": { text: "<execute>\nx\n</execute>", toolCalls: [call] },
  "call another": { toolCalls: [call, { name: "get_weather", arguments: {} }] },
  "call badly": { toolCalls: [call, { ...call, arguments: "{" }] },
  "call, cut off": { toolCalls: [call, { ...call, arguments: '{"co' }], finishReason: "length" },
  "call, filtered": { text: "No.", toolCalls: [call], finishReason: "content-filter" },
  "call, then fail": {
    text: "half",
    toolCalls: [call],
    error: new ModelError("model-server", "no"),
    errorAfter: 3,
  },
  reason: { reasoning: "Only a thought." },
  answer: { text: "The answer." },
  empty: {},
  hang: { text: "wait", gate: new Promise(() => undefined), waitAfter: 2 },
} satisfies Record<string, ScriptedMessage>;
type Reply = keyof typeof replies;

const run = fc.record({
  abortAt: fc.option(fc.nat(30), { nil: undefined }),
  cell: fc.constantFrom("value", "image", "answer", "raise", "break", "hang"),
});
const scenario = fc.record({
  format: fc.constantFrom("code", "native"),
  replies: fc.array(fc.constantFrom(...(Object.keys(replies) as Reply[])), { maxLength: 12 }),
  runs: fc.array(run, { minLength: 1, maxLength: 4 }),
  steps: fc.integer({ min: 1, max: 4 }),
  invalidMessages: fc.integer({ min: 1, max: 2 }),
  approve: fc.constantFrom("allow", "deny", "edit", "throw"),
  check: fc.constantFrom("accept", "reject", "throw"),
  stop: fc.boolean(),
  toolResultImages: fc.boolean(),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

function fail(): never {
  throw new Error("the callback failed");
}

async function play(given: Scenario): Promise<void> {
  const problems: string[] = [];
  let calls = 0;
  const model = new ScriptedModel(
    [...given.replies, ...Array.from({ length: 20 }, () => "answer" as const)].map(
      (kind) => (request) => {
        problems.push(...problemsOf(request.messages));
        const reply: ScriptedMessage = replies[kind];
        const toolCalls = reply.toolCalls?.map(
          (made): ScriptedToolCall => ({ ...made, toolCallId: `call-${++calls}` }),
        );
        return { ...reply, ...(toolCalls && { toolCalls }) };
      },
    ),
    { capabilities: { toolResultImages: given.toolResultImages } },
  );
  let cell: Scenario["runs"][number]["cell"] = "value";
  const executor = new FakeExecutor(
    async (_code, python) => {
      if (cell === "image") await python.display({ "image/png": "AAAA" });
      if (cell === "answer") await python.call("final_answer", { value: "found" });
      if (cell === "raise") fail();
      if (cell === "hang") await python.sleep(Number.POSITIVE_INFINITY);
      return 1;
    },
    { interruptGraceMs: 10 },
  );
  const agent = new Agent({
    model,
    executor,
    actionFormat: given.format === "code" ? codeFormat() : nativeToolFormat(),
    retry: { attempts: 1 },
    limits: { steps: given.steps, invalidMessages: given.invalidMessages, cellTimeoutMs: 5 },
    stopWhen: () => given.stop,
    checkAnswer: () => {
      if (given.check === "throw") fail();
      return given.check === "reject" ? "Not yet." : undefined;
    },
    approve: () => {
      if (given.approve === "throw") fail();
      if (given.approve === "deny") return { decision: "deny", reason: "no" };
      return given.approve === "edit"
        ? { decision: "edit", code: "edited" }
        : { decision: "allow" };
    },
  });
  const session = await agent.session();
  for (const { abortAt, cell: kind } of given.runs) {
    cell = kind;
    const controller = new AbortController();
    const release = setTimeout(() => controller.abort(), 40);
    let count = 0;
    const stream = session.stream("Go.", {
      signal: controller.signal,
      onEvent: () => {
        count += 1;
        if (count - 1 === abortAt) controller.abort();
      },
    });
    await Promise.allSettled([stream.result]);
    clearTimeout(release);
    expect(trajectoryMessages(stream.trajectory)).toEqual(session.messages);
  }
  await session.close();
  expect(problems).toEqual([]);
}

describe("the conversation of a session", () => {
  it("stays legal, however its runs end", { timeout: 120_000 }, async () => {
    const property = fc.asyncProperty(fc.array(scenario, { minLength: 10, maxLength: 10 }), (all) =>
      Promise.all(all.map(play)).then(() => undefined),
    );
    await fc.assert(property, { numRuns: 60 });
  });
});
