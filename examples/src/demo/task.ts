import { tool } from "@codeact/core";
import { z } from "zod";
import { distanceFromStation } from "./distance-from-station.js";

export const fileName = "penguins-raw.csv";

export const task =
  `The file ${fileName} lists penguins that were measured near Palmer Station, Antarctica. ` +
  "For each island: how many penguins were weighed, what is their mean body mass, and how far is " +
  "the island from the station? And which species is the heaviest on average?";

export const instructions =
  "Only Python's standard library is installed. Look at data before you compute with it.";

/** What the agent has to answer; Python sees it as a `TypedDict`. */
export const answerSchema = z.object({
  heaviestSpecies: z.enum(["Adelie", "Chinstrap", "Gentoo"]),
  islands: z.array(
    z.object({
      island: z.string(),
      weighed: z.int().describe("How many penguins have a body mass"),
      meanMassGrams: z.number().describe("To a tenth"),
      distanceKm: z.number(),
    }),
  ),
});

export type Answer = z.infer<typeof answerSchema>;

export const distanceTool = tool({
  name: "distance_from_station",
  description: "Distance of an island from Palmer Station in kilometres.",
  inputSchema: z.object({ island: z.string().describe("The island's name as in the data") }),
  outputSchema: z.number(),
  execute: ({ island }) => distanceFromStation(island),
});
