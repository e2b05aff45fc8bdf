import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { call } from "../../suite/oracle.js";
import type { EvalTask } from "../../suite/task.js";
import { inventTasks, inventUntil, python, type Template } from "../template.js";
import {
  distanceBetween,
  inventWarehouse,
  moveStock,
  stockOf,
  type Warehouse,
  warehouseTools,
} from "./world.js";

const stockIn = (depot: string, product: string) => call<number>("get_stock", { depot, product });
const lookUp = (product: string) =>
  call<{ euros: number; kilograms: number }>("get_product", { product });
const begin = (warehouse: Warehouse) => () => ({
  tools: warehouseTools(structuredClone(warehouse)),
});

const stockValue: Template = {
  name: "stock-value",
  invent(random) {
    const warehouse = inventWarehouse(random);
    const depots = warehouse.depots.slice(0, 3);
    const products = random.shuffle(Object.keys(warehouse.products)).slice(0, 2);
    const values = products.flatMap((product) =>
      depots.map(
        (depot) => stockOf(warehouse, depot, product) * (warehouse.products[product]?.euros ?? 0),
      ),
    );
    return {
      prompt: `What are all units of ${products.join(" and ")} in the depots ${depots.join(", ")} worth together, in euros? Answer with the number.`,
      answerSchema: z.number(),
      expected: values.reduce((sum, value) => sum + value, 0),
      begin: begin(warehouse),
      oracle: {
        python: `final_answer(sum(get_stock(depot, product) * get_product(product)["euros"]
    for product in ${python(products)} for depot in ${python(depots)}))`,
        *steps() {
          let total = 0;
          for (const product of products) {
            const { euros } = yield* lookUp(product);
            for (const depot of depots) total += euros * (yield* stockIn(depot, product));
          }
          return total;
        },
      },
    };
  },
};

const fullestDepot: Template = {
  name: "fullest-depot",
  invent(random) {
    const { warehouse, product, best } = inventUntil(
      () => {
        const invented = inventWarehouse(random);
        const asked = random.pick(Object.keys(invented.products));
        const most = Math.max(...invented.depots.map((depot) => stockOf(invented, depot, asked)));
        const fullest = invented.depots.filter((depot) => stockOf(invented, depot, asked) === most);
        return { warehouse: invented, product: asked, best: fullest };
      },
      (invented) => invented.best.length === 1,
    );
    return {
      prompt: `Which depot has the most units of ${product}? Answer with the name of the depot only.`,
      answerSchema: z.string(),
      expected: best[0] ?? "",
      begin: begin(warehouse),
      oracle: {
        python: `final_answer(max(list_depots(), key=lambda depot: get_stock(depot, ${python(product)})))`,
        *steps() {
          const counts: [string, number][] = [];
          for (const depot of yield* call<string[]>("list_depots", {})) {
            counts.push([depot, yield* stockIn(depot, product)]);
          }
          return counts.sort(([, left], [, right]) => right - left)[0]?.[0] ?? "";
        },
      },
    };
  },
};

const restock: Template = {
  name: "restock",
  invent(random) {
    const wanted = random.integer(45, 55);
    const { warehouse, product, target, sources } = inventUntil(
      () => {
        const invented = inventWarehouse(random);
        const asked = random.pick(Object.keys(invented.products));
        const short = random.pick(invented.depots);
        const missing = wanted - stockOf(invented, short, asked);
        const others = invented.depots
          .filter((depot) => depot !== short)
          .sort(
            (a, b) => distanceBetween(invented, a, short) - distanceBetween(invented, b, short),
          );
        const able = others.filter((depot) => stockOf(invented, depot, asked) >= missing);
        return {
          warehouse: invented,
          product: asked,
          target: short,
          sources: { others, able, missing },
        };
      },
      // The nearest depot of all cannot help, so that looking at distances alone fails.
      ({ sources: { others, able, missing } }) =>
        missing > 5 && able.length > 0 && able[0] !== others[0],
    );
    const [source = ""] = sources.able;
    return {
      prompt: `The depot ${target} needs exactly ${wanted} units of ${product} and has fewer. Take all missing units from one depot: the nearest to ${target} that has enough of them. Move them, then answer with the name of the depot that you took them from.`,
      answerSchema: z.string(),
      expected: source,
      begin: () => {
        const own = structuredClone(warehouse);
        const restocked = structuredClone(warehouse);
        moveStock(restocked, {
          origin: source,
          destination: target,
          product,
          units: sources.missing,
        });
        return {
          tools: warehouseTools(own),
          isAsWanted: () => isDeepStrictEqual(own, restocked),
        };
      },
      oracle: {
        python: `target, product = ${python(target)}, ${python(product)}
missing = ${wanted} - get_stock(target, product)
others = [depot for depot in list_depots() if depot != target]
able = [depot for depot in others if get_stock(depot, product) >= missing]
source = min(able, key=lambda depot: get_distance(depot, target))
move_stock(source, target, product, missing)
final_answer(source)`,
        *steps() {
          const missing = wanted - (yield* stockIn(target, product));
          const able: [string, number][] = [];
          for (const depot of yield* call<string[]>("list_depots", {})) {
            if (depot === target || (yield* stockIn(depot, product)) < missing) continue;
            const place = { origin: depot, destination: target };
            able.push([depot, yield* call<number>("get_distance", place)]);
          }
          const [nearest = ""] = able.sort(([, left], [, right]) => left - right)[0] ?? [];
          const move = { origin: nearest, destination: target, product, units: missing };
          yield* call<number>("move_stock", move);
          return nearest;
        },
      },
    };
  },
};

const truckTrips: Template = {
  name: "truck-trips",
  invent(random) {
    const warehouse = inventWarehouse(random);
    const product = random.pick(Object.keys(warehouse.products));
    const target = random.pick(warehouse.depots);
    const { kilograms = 0 } = warehouse.products[product] ?? {};
    const load = kilograms * random.integer(7, 12) + random.integer(0, kilograms - 1);
    const units = Math.floor(load / kilograms);
    const trips = warehouse.depots
      .filter((depot) => depot !== target)
      .map((depot) => Math.ceil(stockOf(warehouse, depot, product) / units));
    return {
      prompt: `All units of ${product} in the other depots are to be driven to ${target}. A truck carries at most ${load} kg, whole units only, and loads at one depot per trip. How many trips does it take altogether? Answer with the number.`,
      answerSchema: z.number(),
      expected: trips.reduce((sum, count) => sum + count, 0),
      begin: begin(warehouse),
      oracle: {
        python: `units = int(${load} // get_product(${python(product)})["kilograms"])
others = [depot for depot in list_depots() if depot != ${python(target)}]
final_answer(sum(-(-get_stock(depot, ${python(product)}) // units) for depot in others))`,
        *steps() {
          const perTrip = Math.floor(load / (yield* lookUp(product)).kilograms);
          let total = 0;
          for (const depot of yield* call<string[]>("list_depots", {})) {
            if (depot === target) continue;
            total += Math.ceil((yield* stockIn(depot, product)) / perTrip);
          }
          return total;
        },
      },
    };
  },
};

/** Questions on stock, prices and distances, and one that moves stock. */
export function warehouseTasks(): EvalTask[] {
  return inventTasks("warehouse", [stockValue, fullestDepot, restock, truckTrips]);
}
