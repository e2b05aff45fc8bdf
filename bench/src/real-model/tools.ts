import { tool } from "@codeact/core";
import { z } from "zod";
import { files } from "./tasks.js";

const celsius: Record<string, number> = { Oslo: 3, Rome: 19, Cairo: 27, Zürich: 14 };
const prices: Record<string, number> = { Norden: 3.2, Alba: 4.1, Mira: 3.75 };
const managers: Record<string, string> = { Ida: "Jon", Jon: "Vera" };
const stock: Record<string, number> = { north: 14, south: 9, east: 31, west: 7 };

function lookUp<T>(table: Readonly<Record<string, T>>, key: string, what: string): T {
  const found = table[key];
  if (found !== undefined) return found;
  throw new Error(`There is no ${what} ${key}. There are: ${Object.keys(table).join(", ")}.`);
}

/** One set for all tasks, so that the model evaluates the instructions only once. */
export const tools = [
  tool({
    name: "read_file",
    description: "The text of a file.",
    inputSchema: z.object({ name: z.string() }),
    outputSchema: z.string(),
    execute: ({ name }) => lookUp(files, name, "file"),
  }),
  tool({
    name: "get_temperature",
    description: "Current temperature of a city in degrees Celsius.",
    inputSchema: z.object({ city: z.string() }),
    outputSchema: z.number(),
    execute: ({ city }) => lookUp(celsius, city, "city"),
  }),
  tool({
    name: "get_tea_price",
    description: "Price of tea in a shop.",
    inputSchema: z.object({ shop: z.string() }),
    outputSchema: z.number(),
    execute: ({ shop }) => lookUp(prices, shop, "shop"),
  }),
  tool({
    name: "get_manager",
    description: "Name of a person's manager, or an empty string for who has none.",
    inputSchema: z.object({ person: z.string() }),
    outputSchema: z.string(),
    execute: ({ person }) => managers[person] ?? "",
  }),
  tool({
    name: "get_stock",
    description: "How many lamps a warehouse has.",
    inputSchema: z.object({ warehouse: z.string() }),
    outputSchema: z.number(),
    execute: ({ warehouse }) => lookUp(stock, warehouse, "warehouse"),
  }),
  tool({
    name: "add",
    description: "Sum of numbers.",
    inputSchema: z.object({ numbers: z.array(z.number()) }),
    outputSchema: z.number(),
    execute: ({ numbers }) => numbers.reduce((sum, each) => sum + each, 0),
  }),
  tool({
    name: "multiply",
    description: "Product of two numbers.",
    inputSchema: z.object({ a: z.number(), b: z.number() }),
    outputSchema: z.number(),
    execute: ({ a, b }) => a * b,
  }),
];
