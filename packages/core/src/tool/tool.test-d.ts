import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { z as z40 } from "zod-4-0";
import { z as z41 } from "zod-4-1";
import * as mini from "zod/mini";
import { jsonSchema } from "../schema/json-schema.js";
import { type Tool, type ToolExecuteOptions, tool } from "./tool.js";

const base = { name: "get_weather", description: "Current weather of a city." };

interface AgentLikeOptions<TContext> {
  tools: readonly Tool<never, unknown, TContext>[];
}
declare function agentLike<TContext = unknown>(
  options: AgentLikeOptions<TContext>,
): {
  run(options: { context: TContext }): void;
};

describe("tool", () => {
  test("infers the input from the schema", () => {
    const weather = tool({
      ...base,
      inputSchema: z.object({ city: z.string(), days: z.number().default(1) }),
      execute: async (input, { signal, context, runId, toolCallId }) => {
        expectTypeOf(input).toEqualTypeOf<{ city: string; days: number }>();
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
        expectTypeOf(context).toBeUnknown();
        expectTypeOf(runId).toBeString();
        expectTypeOf(toolCallId).toBeString();
        return 1;
      },
    });
    expectTypeOf(weather).toEqualTypeOf<Tool<{ city: string; days: number }, unknown, unknown>>();
  });

  test("gives execute what the schema's transforms make", () => {
    tool({
      ...base,
      inputSchema: z.object({ at: z.coerce.date(), size: z.string().transform(Number) }),
      execute: (input) => expectTypeOf(input).toEqualTypeOf<{ at: Date; size: number }>(),
    });
  });

  test("accepts schemas of other versions and flavours of zod", () => {
    tool({
      ...base,
      inputSchema: z40.object({ city: z40.string() }),
      outputSchema: z40.object({ celsius: z40.number() }),
      execute: ({ city }) => {
        expectTypeOf(city).toBeString();
        return { celsius: 1 };
      },
    });
    tool({
      ...base,
      inputSchema: z41.object({ city: z41.string() }),
      outputSchema: z.object({ celsius: z.number() }),
      execute: async ({ city }) => ({ celsius: city.length }),
    });
    tool({
      ...base,
      inputSchema: mini.object({ city: mini.string() }),
      execute: ({ city }) => expectTypeOf(city).toBeString(),
    });
  });

  test("refuses an execute that takes something else", () => {
    tool({
      ...base,
      inputSchema: z.object({ city: z.string() }),
      // @ts-expect-error city is a string
      execute: ({ city }: { city: number }) => city,
    });
    tool({
      ...base,
      inputSchema: z.object({ city: z.string() }),
      // @ts-expect-error there is no country
      execute: ({ country }) => country,
    });
    tool({
      ...base,
      inputSchema: z40.object({ city: z40.string() }),
      // @ts-expect-error city is a string
      execute: ({ city }: { city: number }) => city,
    });
  });

  test("checks what execute returns against the output schema", () => {
    const outputSchema = z.object({ celsius: z.number(), note: z.string().default("") });
    type Output = { celsius: number; note?: string | undefined };
    const weather = tool({
      ...base,
      inputSchema: z.object({}),
      outputSchema,
      execute: async () => ({ celsius: 3 }),
    });
    expectTypeOf<ReturnType<typeof weather.execute>>().toEqualTypeOf<Output | Promise<Output>>();
    tool({
      ...base,
      inputSchema: z.object({}),
      outputSchema,
      // @ts-expect-error celsius is missing
      execute: async () => ({}),
    });
    tool({
      ...base,
      inputSchema: z.object({}),
      outputSchema,
      // @ts-expect-error celsius is a number
      execute: () => ({ celsius: "3" }),
    });
  });

  test("takes plain JSON Schema with an unknown input, or a typed one", () => {
    tool({
      ...base,
      inputSchema: { type: "object", properties: { city: { type: "string" } } },
      execute: (input) => expectTypeOf(input).toBeUnknown(),
    });
    tool({
      ...base,
      inputSchema: jsonSchema<{ city: string }>({ type: "object" }),
      outputSchema: jsonSchema<number>({ type: "number" }),
      execute: ({ city }) => city.length,
    });
    tool({
      ...base,
      inputSchema: z.object({}),
      outputSchema: jsonSchema<number>({ type: "number" }),
      // @ts-expect-error the output is a number
      execute: () => "3",
    });
  });

  test("takes the context from an annotation and keeps the input inferred", () => {
    const orders = tool({
      ...base,
      inputSchema: z.object({ limit: z.number() }),
      execute: ({ limit }, { context }: ToolExecuteOptions<{ customerId: string }>) => {
        expectTypeOf(limit).toBeNumber();
        return context.customerId.slice(limit);
      },
    });
    expectTypeOf(orders).toExtend<Tool<{ limit: number }, unknown, { customerId: string }>>();
  });

  test("lets an agent infer the context from its tools", () => {
    const plain = tool({ ...base, inputSchema: z.object({ a: z.string() }), execute: () => 1 });
    const customer = tool({
      ...base,
      inputSchema: z.object({ b: z.number() }),
      execute: ({ b }, { context }: ToolExecuteOptions<{ customerId: string }>) =>
        context.customerId.slice(b),
    });
    agentLike({ tools: [plain, customer] }).run({ context: { customerId: "c" } });
    // @ts-expect-error the customer's id is missing
    agentLike({ tools: [plain, customer] }).run({ context: {} });
    // @ts-expect-error the customer's id is missing
    agentLike({ tools: [customer, plain] }).run({ context: {} });
    agentLike({ tools: [plain] }).run({ context: undefined });
    const tools: readonly Tool[] = [plain];
    agentLike({ tools }).run({ context: 1 });
    // @ts-expect-error customer needs a context
    const needy: readonly Tool[] = [plain, customer];
    agentLike<{ customerId: string }>({ tools: [plain, ...needy] });
  });

  test("stays shallow for large and recursive schemas", () => {
    const category = z.object({
      name: z.string(),
      get children() {
        return z.array(category);
      },
    });
    tool({
      ...base,
      inputSchema: z.object({ category, json: z.json() }),
      outputSchema: z.json(),
      execute: (input) => input.category.children[0]?.children[0]?.name ?? input.json,
    });
  });
});
