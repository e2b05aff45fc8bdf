import { type AnyTool, tool } from "@codeact/core";
import { z } from "zod";
import type { Random } from "../../statistics/random.js";

const stationNames = ["Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo"];

/** A train from one station to the next, without stops between. */
export interface Train {
  number: string;
  from: string;
  to: string;
  /** Minutes since midnight. */
  departs: number;
  arrives: number;
  euros: number;
  minutesLate: number;
}

/** A day's trains between seven stations. */
export interface Railway {
  stations: string[];
  trains: Train[];
}

/** Invents three or four trains from each station. */
export function inventRailway(random: Random): Railway {
  const stations = random.shuffle(stationNames);
  const trains = stations.flatMap((from, fromIndex) => {
    const others = random.shuffle(stations.filter((name) => name !== from));
    return Array.from({ length: random.integer(3, 4) }, (_, index): Train => {
      const departs = random.integer(6 * 60, 18 * 60);
      return {
        number: `T${fromIndex + 1}${index + 1}`,
        from,
        to: others[index % 3] as string,
        departs,
        arrives: departs + random.integer(20, 150),
        euros: random.integer(4, 60),
        minutesLate: random.next() < 0.4 ? random.integer(5, 50) : 0,
      };
    });
  });
  return { stations, trains };
}

/** Minutes since midnight as `07:05`. */
export function clock(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return `${String(hours).padStart(2, "0")}:${String(rest).padStart(2, "0")}`;
}

/** `07:05` as minutes since midnight. */
export function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}

/** The tools. */
export function railwayTools({ stations, trains }: Railway): AnyTool[] {
  return [
    tool({
      name: "list_departures",
      description:
        "The trains of the day that depart from a station. None of them stops on its way.",
      inputSchema: z.object({ station: z.string() }),
      outputSchema: z.array(
        z.object({
          train: z.string(),
          to: z.string(),
          departs: z.string().describe("HH:MM"),
          arrives: z.string().describe("HH:MM"),
        }),
      ),
      execute: ({ station }) => {
        if (!stations.includes(station)) {
          throw new Error(`There is no station "${station}". There are: ${stations.join(", ")}.`);
        }
        return trains
          .filter(({ from }) => from === station)
          .map(({ number, to, departs, arrives }) => ({
            train: number,
            to,
            departs: clock(departs),
            arrives: clock(arrives),
          }));
      },
    }),
    tool({
      name: "get_fare",
      description: "What a ride on a train costs, in euros.",
      inputSchema: z.object({ train: z.string() }),
      outputSchema: z.int(),
      execute: ({ train }) => trainOf(trains, train).euros,
    }),
    tool({
      name: "get_delay",
      description: "How many minutes late a train is today, from departure to arrival.",
      inputSchema: z.object({ train: z.string() }),
      outputSchema: z.int(),
      execute: ({ train }) => trainOf(trains, train).minutesLate,
    }),
  ];
}

function trainOf(trains: readonly Train[], number: string): Train {
  const found = trains.find((train) => train.number === number);
  if (found === undefined) throw new Error(`There is no train "${number}".`);
  return found;
}
