import * as z from "zod";
import { createToolset } from "../tool/toolset.js";
import { tool } from "../tool/tool.js";
import type { ToolDescription } from "./contract.js";

const nothing = () => null;

/** Tools whose calls the readers are tested with; none is executed. */
export const testTools: readonly ToolDescription[] = createToolset([
  tool({
    name: "get_weather",
    description: "Weather of a city.",
    inputSchema: z.object({
      city: z.string(),
      days: z.number().int().optional(),
      detailed: z.boolean().optional(),
    }),
    execute: nothing,
  }),
  tool({
    name: "find",
    description: "Finds flights.",
    inputSchema: z.object({ from: z.string(), tags: z.array(z.string()).nullable().optional() }),
    execute: nothing,
  }),
  tool({
    name: "view",
    description: "Shows the page.",
    inputSchema: z.object({}),
    execute: nothing,
  }),
  tool({
    name: "add",
    description: "Adds.",
    inputSchema: z.object({ left: z.number(), right: z.number() }),
    execute: nothing,
  }),
  tool({
    name: "store",
    description: "Stores anything.",
    inputSchema: z.object({ value: z.any() }),
    execute: nothing,
  }),
]).descriptions;
