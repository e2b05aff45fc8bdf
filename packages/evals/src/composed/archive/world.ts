import { type AnyTool, tool } from "@codeact/core";
import { z } from "zod";
import type { Random } from "../../statistics/random.js";

const topics = ["bridges", "clouds", "engines", "glaciers", "lichens", "mirrors"];
const adjectives = ["Bright", "Cold", "Early", "Late", "Quiet", "Slow", "Steep", "Wide"];
const authorNames = [
  "Ines Adler",
  "Bram Cole",
  "Dita Ferro",
  "Otto Hale",
  "Mara Lind",
  "Paul Noor",
];
const notesPerPage = 4;

/** A note of the archive. */
export interface Note {
  id: string;
  title: string;
  topic: string;
  author: string;
  year: number;
  words: number;
  /** The ids of other notes. */
  cites: string[];
}

/** Notes that cite each other, and their authors. */
export interface Archive {
  notes: Note[];
  /** By author. */
  birthYears: Record<string, number>;
}

/** Invents 40 notes. A note cites such as were written before it, by the order of invention. */
export function inventArchive(random: Random): Archive {
  const birthYears = Object.fromEntries(
    authorNames.map((name) => [name, random.integer(1880, 1930)]),
  );
  const titles = random.shuffle(
    adjectives.flatMap((adjective) => topics.map((topic) => ({ adjective, topic }))),
  );
  const notes = titles.slice(0, 40).map(({ adjective, topic }, index): Note => {
    const author = random.pick(authorNames);
    const earlier = Array.from({ length: index }, (_, other) => idOf(other));
    return {
      id: idOf(index),
      title: `${adjective} ${topic}`,
      topic,
      author,
      year: (birthYears[author] ?? 0) + random.integer(22, 60),
      words: random.integer(150, 2400),
      cites: random.shuffle(earlier).slice(0, random.integer(0, 5)),
    };
  });
  return { notes: random.shuffle(notes), birthYears };
}

function idOf(index: number): string {
  return `N${String(index + 11)}`;
}

/** The note of an id. */
export function noteOf({ notes }: Archive, id: string): Note {
  const note = notes.find((each) => each.id === id);
  if (note === undefined) throw new Error(`There is no note "${id}".`);
  return note;
}

/** The notes on a topic, as a search lists them. */
export function notesOn({ notes }: Archive, topic: string): Note[] {
  return notes.filter((note) => note.topic === topic);
}

/** The topics of an archive. */
export function topicsOf({ notes }: Archive): string[] {
  return [...new Set(notes.map(({ topic }) => topic))].sort();
}

/** The tools. */
export function archiveTools(archive: Archive): AnyTool[] {
  return [
    tool({
      name: "search",
      description: `Lists the ids of the notes on a topic, ${notesPerPage} on a page.`,
      inputSchema: z.object({ topic: z.string(), page: z.int().min(1).default(1) }),
      outputSchema: z.object({ ids: z.array(z.string()), pages: z.int() }),
      execute: ({ topic, page }) => {
        const found = notesOn(archive, topic).map(({ id }) => id);
        return {
          ids: found.slice((page - 1) * notesPerPage, page * notesPerPage),
          pages: Math.ceil(found.length / notesPerPage),
        };
      },
    }),
    tool({
      name: "open_note",
      description: "Opens a note. `cites` are the ids of the notes that it cites, in order.",
      inputSchema: z.object({ id: z.string() }),
      outputSchema: z.object({
        title: z.string(),
        author: z.string(),
        year: z.int(),
        words: z.int(),
        cites: z.array(z.string()),
      }),
      execute: ({ id }) => {
        const { title, author, year, words, cites } = noteOf(archive, id);
        return { title, author, year, words, cites };
      },
    }),
    tool({
      name: "get_birth_year",
      description: "The year in which an author was born.",
      inputSchema: z.object({ author: z.string() }),
      outputSchema: z.int(),
      execute: ({ author }) => {
        const year = archive.birthYears[author];
        if (year === undefined) throw new Error(`There is no author "${author}".`);
        return year;
      },
    }),
  ];
}
