import { Agent, type Model, tool } from "@codeact/core";
import type { PythonExecutor } from "@codeact/executors/python";
import { z } from "zod";
import { distanceFromStation } from "./distance-from-station.js";

export const fileName = "penguins-raw.csv";

export const task =
  `The file ${fileName} lists penguins that were measured near Palmer Station, Antarctica. ` +
  'What is the mean of "Body Mass (g)" of the penguins on each "Island", and how far is each island ' +
  "from the station?";

// A small model reaches for pandas, which may not be there, unless it is told how to go without.
const instructions = `Use Python's standard library only. Your first message runs exactly this code and nothing else, to see the data:

import csv
with open("${fileName}", newline="") as file:
    rows = list(csv.DictReader(file))
rows[0]

After you have seen the observation, compute. For means, collect the values in a dict of lists, and use statistics.mean.`;

/** What the agent has to answer; Python sees it as a list of a `TypedDict`. */
const answerSchema = z.array(
  z.object({
    island: z.string(),
    meanMassGrams: z.number(),
    distanceKm: z.number(),
  }),
);

export type Answer = z.infer<typeof answerSchema>;

const distanceTool = tool({
  name: "measure_distance",
  description: "Distance of an island from Palmer Station in kilometres.",
  inputSchema: z.object({ island: z.string().describe("The island's name as in the data") }),
  outputSchema: z.number(),
  execute: ({ island }) => distanceFromStation(island),
});

/** The agent of the demo. */
export function penguinAgent(model: Model, executor: PythonExecutor): Agent<Answer> {
  return new Agent({
    model,
    executor,
    tools: [distanceTool],
    instructions,
    outputSchema: answerSchema,
  });
}
