import { describe, expectTypeOf, test } from "vitest";
import * as z from "zod";
import { z as z40 } from "zod-4-0";
import { z as z41 } from "zod-4-1";
import type { ActionEvent, AgentEvent, FinishEvent } from "../events/event.js";
import type { ListenerErrorEvent } from "../events/isolation.js";
import type { Executor } from "../executor/executor.js";
import type { Message } from "../model/message.js";
import type { Model } from "../model/model.js";
import { jsonSchema } from "../schema/json-schema.js";
import { type ToolExecuteOptions, tool } from "../tool/tool.js";
import { Agent } from "./agent.js";
import type { AgentResult } from "./result.js";
import type { AgentSession } from "./session.js";
import type { AgentStream } from "./stream.js";

declare const model: Model;
declare const executor: Executor;
const base = { model, executor };
const orders = tool({
  name: "list_orders",
  description: "Orders of the customer.",
  inputSchema: z.object({ limit: z.number() }),
  execute: ({ limit }, { context }: ToolExecuteOptions<{ customerId: string }>) =>
    context.customerId.slice(limit),
});

describe("the output of an agent", () => {
  test("is a string without a schema", () => {
    expectTypeOf(new Agent(base)).toEqualTypeOf<Agent<string, unknown>>();
    expectTypeOf(new Agent(base).run("Go.")).resolves.toEqualTypeOf<AgentResult<string>>();
  });

  test("is inferred from a schema of any zod 4, and after its transforms", () => {
    const city = { city: "" };
    expectTypeOf(
      new Agent({ ...base, outputSchema: z.object({ city: z.string() }) }),
    ).toEqualTypeOf<Agent<typeof city, unknown>>();
    expectTypeOf(
      new Agent({ ...base, outputSchema: z40.object({ city: z40.string() }) }),
    ).toEqualTypeOf<Agent<typeof city, unknown>>();
    expectTypeOf(
      new Agent({ ...base, outputSchema: z41.object({ city: z41.string() }) }),
    ).toEqualTypeOf<Agent<typeof city, unknown>>();
    expectTypeOf(new Agent({ ...base, outputSchema: z.coerce.date() })).toEqualTypeOf<
      Agent<Date, unknown>
    >();
  });

  test("is the type that jsonSchema was given", () => {
    const outputSchema = jsonSchema<number[]>({ type: "array", items: { type: "number" } });
    expectTypeOf(new Agent({ ...base, outputSchema })).toEqualTypeOf<Agent<number[], unknown>>();
  });

  test("cannot be told from a plain JSON Schema, which must say what it promises", () => {
    // @ts-expect-error the output would be a string
    void new Agent({ ...base, outputSchema: { type: "number" } });
    const outputSchema = jsonSchema({ type: "number" });
    expectTypeOf(new Agent({ ...base, outputSchema })).toEqualTypeOf<Agent<unknown, unknown>>();
  });

  test("reaches checkAnswer without an annotation", () => {
    void new Agent({
      ...base,
      outputSchema: z.object({ celsius: z.number() }),
      checkAnswer: (answer, { rejected, signal }) => {
        expectTypeOf(answer).toEqualTypeOf<{ celsius: number }>();
        expectTypeOf(rejected).toBeNumber();
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
        return answer.celsius > 50 ? "Too warm." : undefined;
      },
    });
  });

  test("is there only when the run is answered", async () => {
    const result = await new Agent({ ...base, outputSchema: z.literal("a") }).run("Go.");
    // @ts-expect-error a run may end without an answer
    void result.output;
    if (result.status === "answered") expectTypeOf(result.output).toEqualTypeOf<"a">();
    else expectTypeOf(result).not.toHaveProperty("output");
    switch (result.status) {
      case "answered":
      case "step-limit":
      case "time-limit":
      case "token-limit":
      case "context-limit":
      case "invalid-limit":
      case "refused":
      case "stopped":
        break;
      default:
        expectTypeOf(result).toBeNever();
    }
  });

  test("is covariant, as that of a session and a stream", () => {
    expectTypeOf<Agent<"a">>().toExtend<Agent<string>>();
    expectTypeOf<Agent<"a">>().toExtend<Agent<unknown>>();
    expectTypeOf<Agent<string>>().not.toExtend<Agent<number>>();
    expectTypeOf<AgentSession<"a">>().toExtend<AgentSession<string>>();
    expectTypeOf<AgentStream<"a">>().toExtend<AgentStream<string>>();
    expectTypeOf<AgentResult<"a">>().toExtend<AgentResult<string>>();
  });
});

describe("the context of an agent", () => {
  test("is inferred from its tools, and wanted by a run", () => {
    const agent = new Agent({ ...base, tools: [orders] });
    expectTypeOf(agent).toEqualTypeOf<Agent<string, { customerId: string }>>();
    void agent.run("Go.", { context: { customerId: "c" } });
    // @ts-expect-error the customer's id is missing
    void agent.run("Go.", { context: {} });
    // @ts-expect-error the customer's id is missing
    void agent.stream("Go.", { context: {} });
  });

  test("reaches callbacks", () => {
    void new Agent({
      ...base,
      tools: [orders],
      approve: ({ context, ...request }) => {
        expectTypeOf(context).toEqualTypeOf<{ customerId: string }>();
        expectTypeOf(request.type).toEqualTypeOf<"action" | "tool-call">();
        return { decision: "allow" };
      },
      prepareStep: ({ context, messages }) => {
        expectTypeOf(context).toEqualTypeOf<{ customerId: string }>();
        expectTypeOf(messages).toEqualTypeOf<readonly Message[]>();
        return { messages: messages.slice(-3), temperature: 0 };
      },
      stopWhen: ({ step }) => step > 3,
    });
  });
});

describe("listeners", () => {
  test("know their event by its name", () => {
    const agent = new Agent(base);
    agent.on("action", (event) => expectTypeOf(event).toEqualTypeOf<ActionEvent>());
    agent.once("finish", (event) => expectTypeOf(event).toEqualTypeOf<FinishEvent>());
    agent.on("event", (event) => expectTypeOf(event).toEqualTypeOf<AgentEvent>());
    agent.on("listener-error", (event) => expectTypeOf(event).toEqualTypeOf<ListenerErrorEvent>());
    // @ts-expect-error there is no such event
    agent.on("done", () => undefined);
  });

  test("may be asynchronous", () => {
    const store = async (_event: AgentEvent): Promise<void> => undefined;
    new Agent(base).on("event", store).off("event", store);
    void new Agent(base).run("Go.", { onEvent: store });
  });
});

describe("sessions and streams", () => {
  test("have the output of their agent", async () => {
    const agent = new Agent({ ...base, outputSchema: z.number() });
    const session = await agent.session();
    expectTypeOf(session).toEqualTypeOf<AgentSession<number, unknown>>();
    expectTypeOf(session.run("Go.")).resolves.toEqualTypeOf<AgentResult<number>>();
    const stream = agent.stream("Go.");
    expectTypeOf(stream.result).resolves.toEqualTypeOf<AgentResult<number>>();
    for await (const event of stream) expectTypeOf(event).toEqualTypeOf<AgentEvent>();
  });

  test("of sub-agents are tools", () => {
    const helper = new Agent({ ...base, description: "Helps." }).asTool();
    expectTypeOf(new Agent({ ...base, tools: [helper, orders] })).toEqualTypeOf<
      Agent<string, { customerId: string }>
    >();
  });
});
