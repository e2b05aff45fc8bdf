import { type AnyTool, tool } from "@codeact/core";
import { z } from "zod";
import type { Random } from "../../statistics/random.js";
import { calculateTool } from "../arithmetic.js";

const depotNames = ["Aarhus", "Bergen", "Cork", "Dresden", "Evora", "Fermo", "Ghent", "Hasselt"];
const productNames = ["anvil", "bellows", "crate", "drill", "easel", "funnel"];

/** Depots with products in stock. */
export interface Warehouse {
  depots: string[];
  products: Record<string, { euros: number; kilograms: number }>;
  /** By depot, then product. */
  stock: Record<string, Record<string, number>>;
  /** Kilometres by the names of two depots in alphabetical order. */
  distances: Record<string, number>;
}

/** Invents five depots and six products. */
export function inventWarehouse(random: Random): Warehouse {
  const depots = random.shuffle(depotNames).slice(0, 5);
  const products = Object.fromEntries(
    productNames.map((name) => [
      name,
      { euros: random.integer(3, 90), kilograms: random.integer(2, 25) },
    ]),
  );
  const stock = Object.fromEntries(
    depots.map((depot) => [
      depot,
      Object.fromEntries(productNames.map((name) => [name, random.integer(0, 60)])),
    ]),
  );
  const distances = Object.fromEntries(
    depots.flatMap((left) =>
      depots
        .filter((right) => left < right)
        .map((right) => [`${left} ${right}`, random.integer(40, 900)]),
    ),
  );
  return { depots, products, stock, distances };
}

/** How many of a product a depot has. */
export function stockOf({ stock }: Warehouse, depot: string, product: string): number {
  return known(known(stock, depot, "depot"), product, "product");
}

/** Kilometres between two depots. */
export function distanceBetween({ distances }: Warehouse, left: string, right: string): number {
  return known(distances, [left, right].sort().join(" "), "pair of different depots");
}

function known<T>(record: Record<string, T>, key: string, what: string): T {
  const value = record[key];
  if (value === undefined) throw new Error(`There is no ${what} "${key}".`);
  return value;
}

/** Units of a product on their way from a depot to another. */
export interface Move {
  origin: string;
  destination: string;
  product: string;
  units: number;
}

/** Moves them, and gives what is left at their origin. */
export function moveStock(
  warehouse: Warehouse,
  { origin, destination, product, units }: Move,
): number {
  const before = stockOf(warehouse, origin, product);
  if (before < units) throw new Error(`${origin} has only ${before} units of ${product}.`);
  const target = known(warehouse.stock, destination, "depot");
  known(warehouse.stock, origin, "depot")[product] = before - units;
  target[product] = stockOf(warehouse, destination, product) + units;
  return stockOf(warehouse, origin, product);
}

/** The tools; `move_stock` changes the warehouse. */
export function warehouseTools(warehouse: Warehouse): AnyTool[] {
  return [
    tool({
      name: "list_depots",
      description: "The names of all depots.",
      inputSchema: z.object({}),
      outputSchema: z.array(z.string()),
      execute: () => warehouse.depots,
    }),
    tool({
      name: "get_stock",
      description: "How many units of a product a depot has.",
      inputSchema: z.object({ depot: z.string(), product: z.string() }),
      outputSchema: z.int(),
      execute: ({ depot, product }) => stockOf(warehouse, depot, product),
    }),
    tool({
      name: "get_product",
      description: "What one unit of a product costs and weighs.",
      inputSchema: z.object({ product: z.string() }),
      outputSchema: z.object({ euros: z.number(), kilograms: z.number() }),
      execute: ({ product }) => known(warehouse.products, product, "product"),
    }),
    tool({
      name: "get_distance",
      description: "Kilometres by road between two depots.",
      inputSchema: z.object({ origin: z.string(), destination: z.string() }),
      outputSchema: z.int(),
      execute: ({ origin, destination }) => distanceBetween(warehouse, origin, destination),
    }),
    tool({
      name: "move_stock",
      description: "Moves units of a product from a depot to another; gives what is left there.",
      inputSchema: z.object({
        origin: z.string(),
        destination: z.string(),
        product: z.string(),
        units: z.int().min(1),
      }),
      outputSchema: z.int(),
      execute: (move) => moveStock(warehouse, move),
    }),
    calculateTool,
  ];
}
