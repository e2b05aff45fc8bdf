import { z } from "zod";
import { call } from "../../suite/oracle.js";
import type { EvalTask } from "../../suite/task.js";
import { inventTasks, inventUntil, python, type Template } from "../template.js";
import {
  clock,
  inventRailway,
  minutesOf,
  type Railway,
  railwayTools,
  type Train,
} from "./world.js";

type Departure = { train: string; to: string; departs: string; arrives: string };

const departuresFrom = (station: string) => call<Departure[]>("list_departures", { station });
const begin = (railway: Railway) => () => ({ tools: railwayTools(railway) });
const from = ({ trains }: Railway, station: string) =>
  trains.filter((train) => train.from === station);

/** Pairs of trains that lead to a station with one change. */
function connections(
  railway: Railway,
  origin: string,
  target: string,
  pause: number,
): [Train, Train][] {
  return from(railway, origin)
    .filter(({ to }) => to !== target)
    .flatMap((first) =>
      from(railway, first.to)
        .filter((second) => second.to === target && second.departs >= first.arrives + pause)
        .map((second): [Train, Train] => [first, second]),
    );
}

const earliestArrival: Template = {
  name: "earliest-arrival",
  invent(random) {
    const pause = random.pick([5, 10, 15]);
    const { railway, origin, target, found } = inventUntil(
      () => {
        const invented = inventRailway(random);
        const [start = "", end = ""] = invented.stations;
        const pairs = connections(invented, start, end, pause);
        return { railway: invented, origin: start, target: end, found: pairs };
      },
      (invented) => invented.found.length >= 2,
    );
    return {
      prompt: `You travel from ${origin} to ${target} by exactly two trains, and need at least ${pause} minutes to change. When do you arrive at the earliest, by the timetable? Answer with the time as HH:MM.`,
      answerSchema: z.string(),
      expected: clock(Math.min(...found.map(([, second]) => second.arrives))),
      begin: begin(railway),
      oracle: {
        python: `def minutes(time):
    hours, rest = time.split(":")
    return int(hours) * 60 + int(rest)

arrivals = []
for first in list_departures(${python(origin)}):
    if first["to"] == ${python(target)}:
        continue
    for second in list_departures(first["to"]):
        change = minutes(second["departs"]) - minutes(first["arrives"])
        if second["to"] == ${python(target)} and change >= ${pause}:
            arrivals.append(second["arrives"])
final_answer(min(arrivals))`,
        *steps() {
          const arrivals: string[] = [];
          for (const first of yield* departuresFrom(origin)) {
            if (first.to === target) continue;
            for (const second of yield* departuresFrom(first.to)) {
              const change = minutesOf(second.departs) - minutesOf(first.arrives);
              if (second.to === target && change >= pause) arrivals.push(second.arrives);
            }
          }
          return arrivals.sort()[0] ?? "";
        },
      },
    };
  },
};

const lateTrains: Template = {
  name: "late-trains",
  invent(random) {
    const limit = random.pick([10, 15, 20]);
    const railway = inventRailway(random);
    const stations = railway.stations.slice(0, 2);
    const late = stations
      .flatMap((station) => from(railway, station))
      .filter(({ minutesLate }) => minutesLate > limit);
    return {
      prompt: `How many of the trains from ${stations.join(" and from ")} are more than ${limit} minutes late today? Answer with the number.`,
      answerSchema: z.number(),
      expected: late.length,
      begin: begin(railway),
      oracle: {
        python: `trains = [each["train"] for station in ${python(stations)} for each in list_departures(station)]
final_answer(sum(get_delay(train) > ${limit} for train in trains))`,
        *steps() {
          let count = 0;
          for (const station of stations) {
            for (const { train } of yield* departuresFrom(station)) {
              if ((yield* call<number>("get_delay", { train })) > limit) count += 1;
            }
          }
          return count;
        },
      },
    };
  },
};

const withinTwoTrains: Template = {
  name: "within-two-trains",
  invent(random) {
    const railway = inventRailway(random);
    const [origin = ""] = railway.stations;
    const first = from(railway, origin).map(({ to }) => to);
    const second = first.flatMap((station) => from(railway, station).map(({ to }) => to));
    const reached = [...new Set([...first, ...second])].filter((name) => name !== origin);
    return {
      prompt: `Which other stations are there that one can get to from ${origin} with one or two trains, whatever their times? Answer with the list of their names in alphabetical order.`,
      answerSchema: z.array(z.string()),
      expected: reached.sort(),
      begin: begin(railway),
      oracle: {
        python: `origin = ${python(origin)}
first = {each["to"] for each in list_departures(origin)}
second = {each["to"] for station in first for each in list_departures(station)}
final_answer(sorted((first | second) - {origin}))`,
        *steps() {
          const near = new Set((yield* departuresFrom(origin)).map(({ to }) => to));
          const all = new Set(near);
          for (const station of near) {
            for (const { to } of yield* departuresFrom(station)) all.add(to);
          }
          all.delete(origin);
          return [...all].sort();
        },
      },
    };
  },
};

const cheapestPair: Template = {
  name: "cheapest-pair",
  invent(random) {
    const { railway, origin, target, found } = inventUntil(
      () => {
        const invented = inventRailway(random);
        const [start = "", end = ""] = invented.stations;
        const pairs = connections(invented, start, end, 0);
        return { railway: invented, origin: start, target: end, found: pairs };
      },
      (invented) => invented.found.length >= 2,
    );
    return {
      prompt: `You travel from ${origin} to ${target} by exactly two trains; the second must not depart before the first arrives, by the timetable. What do the cheapest two cost together, in euros? Answer with the number.`,
      answerSchema: z.number(),
      expected: Math.min(...found.map(([first, second]) => first.euros + second.euros)),
      begin: begin(railway),
      oracle: {
        python: `costs = []
for first in list_departures(${python(origin)}):
    if first["to"] == ${python(target)}:
        continue
    for second in list_departures(first["to"]):
        # Times of one width compare like numbers.
        if second["to"] == ${python(target)} and second["departs"] >= first["arrives"]:
            costs.append(get_fare(first["train"]) + get_fare(second["train"]))
final_answer(min(costs))`,
        *steps() {
          const fares = new Map<string, number>();
          const costs: number[] = [];
          for (const first of yield* departuresFrom(origin)) {
            if (first.to === target) continue;
            for (const second of yield* departuresFrom(first.to)) {
              if (second.to !== target || second.departs < first.arrives) continue;
              for (const train of [first.train, second.train]) {
                if (!fares.has(train)) fares.set(train, yield* call<number>("get_fare", { train }));
              }
              costs.push((fares.get(first.train) ?? 0) + (fares.get(second.train) ?? 0));
            }
          }
          return Math.min(...costs);
        },
      },
    };
  },
};

/** Questions on timetables, fares and delays. */
export function railwayTasks(): EvalTask[] {
  return inventTasks("railway", [earliestArrival, lateTrains, withinTwoTrains, cheapestPair]);
}
