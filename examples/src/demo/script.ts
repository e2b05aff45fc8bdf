/**
 * What a model wrote in this demo, for a machine without one. Only these messages are prepared:
 * the code in them runs, its error is a real one, and so is everything that it prints.
 */
export const script: readonly string[] = [
  `I look at the file before I compute anything: its columns, and one row.

<execute>
import csv

with open("penguins-raw.csv", newline="") as file:
    rows = list(csv.DictReader(file))

print(len(rows), "rows")
for column, value in rows[0].items():
    print(f"{column:22}{value}")
</execute>`,

  `The columns I need are Species, Island and Body Mass (g). I group the masses by island and by species.

<execute>
from collections import defaultdict
from statistics import mean

by_island, by_species = defaultdict(list), defaultdict(list)
for row in rows:
    mass = float(row["Body Mass (g)"])
    by_island[row["Island"]].append(mass)
    by_species[row["Species"].split()[0]].append(mass)
</execute>`,

  `Some penguins were not weighed: their body mass is the text NA. I see how many there are, and leave them out. The lists were filled in part, so I start them afresh.

<execute>
print([row["Individual ID"] for row in rows if row["Body Mass (g)"] == "NA"])

by_island, by_species = defaultdict(list), defaultdict(list)
for row in rows:
    if row["Body Mass (g)"] == "NA":
        continue
    mass = float(row["Body Mass (g)"])
    by_island[row["Island"]].append(mass)
    by_species[row["Species"].split()[0]].append(mass)

{species: round(mean(masses), 1) for species, masses in by_species.items()}
</execute>`,

  `Two were not weighed, and Gentoo is the heaviest by far. Now I ask for the distance of each island.

<execute>
islands = []
for island, masses in sorted(by_island.items()):
    kilometres = distance_from_station(island)
    print(f"{island:10}{len(masses):4} penguins{kilometres:6} km")
    islands.append({
        "island": island,
        "weighed": len(masses),
        "meanMassGrams": round(mean(masses), 1),
        "distanceKm": kilometres,
    })

assert sum(entry["weighed"] for entry in islands) == len(rows) - 2
</execute>`,

  `The numbers add up, and everything that the answer needs is in my variables.

<execute>
final_answer({
    "heaviestSpecies": max(by_species, key=lambda name: mean(by_species[name])),
    "islands": islands,
})
</execute>`,
];
