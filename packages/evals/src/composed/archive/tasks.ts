import { z } from "zod";
import { call, type OracleSteps } from "../../suite/oracle.js";
import type { EvalTask } from "../../suite/task.js";
import { inventTasks, inventUntil, python, type Template } from "../template.js";
import {
  type Archive,
  archiveTools,
  inventArchive,
  type Note,
  noteOf,
  notesOn,
  topicsOf,
} from "./world.js";

type OpenNote = { title: string; author: string; year: number; words: number; cites: string[] };

const open = (id: string) => call<OpenNote>("open_note", { id });
const begin = (archive: Archive) => () => ({ tools: archiveTools(archive) });

function* openAllOn(topic: string): OracleSteps<OpenNote[]> {
  const notes: OpenNote[] = [];
  for (let page = 1, pages = 1; page <= pages; page++) {
    const found = yield* call<{ ids: string[]; pages: number }>("search", { topic, page });
    pages = found.pages;
    for (const id of found.ids) notes.push((yield* open(id)) as OpenNote);
  }
  return notes;
}

const pythonOpenAllOn = (topic: string) => `pages = search(${python(topic)})["pages"]
ids = [each for page in range(1, pages + 1) for each in search(${python(topic)}, page)["ids"]]
notes = [open_note(each) for each in ids]`;

const firstCitations: Template = {
  name: "first-citations",
  invent(random) {
    const follow = (archive: Archive, start: string): Note[] => {
      const chain = [noteOf(archive, start)];
      for (let [next] = chain[0]?.cites ?? []; next !== undefined; ) {
        const note = noteOf(archive, next);
        chain.push(note);
        [next] = note.cites;
      }
      return chain;
    };
    const { archive, chain } = inventUntil(
      () => {
        const invented = inventArchive(random);
        return { archive: invented, chain: follow(invented, random.pick(invented.notes).id) };
      },
      (invented) => invented.chain.length >= 4 && invented.chain.length <= 8,
    );
    return {
      prompt: `Begin with the note ${chain[0]?.id}. Go on to the first note that it cites, then to the first that this one cites, and so on, until a note cites nothing. What is the title of that one? Answer with the title only.`,
      answerSchema: z.string(),
      expected: chain.at(-1)?.title ?? "",
      begin: begin(archive),
      oracle: {
        python: `note = open_note(${python(chain[0]?.id ?? "")})
while note["cites"]:
    note = open_note(note["cites"][0])
final_answer(note["title"])`,
        *steps() {
          let note = yield* open(chain[0]?.id ?? "");
          for (let [next] = note.cites; next !== undefined; [next] = note.cites) {
            note = yield* open(next);
          }
          return note.title;
        },
      },
    };
  },
};

const writtenBefore: Template = {
  name: "written-before",
  invent(random) {
    const archive = inventArchive(random);
    const topic = random.pick(topicsOf(archive));
    const notes = notesOn(archive, topic);
    const year = random.pick(notes).year;
    return {
      prompt: `How many notes on the topic "${topic}" were written before ${year}? Mind that a search has pages. Answer with the number.`,
      answerSchema: z.number(),
      expected: notes.filter((note) => note.year < year).length,
      begin: begin(archive),
      oracle: {
        python: `${pythonOpenAllOn(topic)}
final_answer(sum(note["year"] < ${year} for note in notes))`,
        *steps() {
          return (yield* openAllOn(topic)).filter((note) => note.year < year).length;
        },
      },
    };
  },
};

const longestCited: Template = {
  name: "longest-cited",
  invent(random) {
    const { archive, id, cited } = inventUntil(
      () => {
        const invented = inventArchive(random);
        const note = random.pick(invented.notes);
        const found = note.cites.map((each) => noteOf(invented, each));
        return { archive: invented, id: note.id, cited: found };
      },
      (invented) =>
        invented.cited.length >= 4 &&
        new Set(invented.cited.map(({ words }) => words)).size === invented.cited.length,
    );
    const [longest] = [...cited].sort((left, right) => right.words - left.words);
    return {
      prompt: `Which of the notes that ${id} cites has the most words? Answer with its title only.`,
      answerSchema: z.string(),
      expected: longest?.title ?? "",
      begin: begin(archive),
      oracle: {
        python: `cited = [open_note(each) for each in open_note(${python(id)})["cites"]]
final_answer(max(cited, key=lambda note: note["words"])["title"])`,
        *steps() {
          const notes: OpenNote[] = [];
          for (const each of (yield* open(id)).cites) notes.push((yield* open(each)) as OpenNote);
          return notes.sort((left, right) => right.words - left.words)[0]?.title ?? "";
        },
      },
    };
  },
};

const authorsAge: Template = {
  name: "authors-age",
  invent(random) {
    const { archive, topic, oldest } = inventUntil(
      () => {
        const invented = inventArchive(random);
        const asked = random.pick(topicsOf(invented));
        const notes = notesOn(invented, asked).sort((left, right) => left.year - right.year);
        return { archive: invented, topic: asked, oldest: notes };
      },
      (invented) => invented.oldest[0]?.year !== invented.oldest[1]?.year,
    );
    const [first] = oldest;
    return {
      prompt: `Take the oldest note on the topic "${topic}". How old was its author in the year in which it was written (year of the note minus year of birth)? Mind that a search has pages. Answer with the number.`,
      answerSchema: z.number(),
      expected: (first?.year ?? 0) - (archive.birthYears[first?.author ?? ""] ?? 0),
      begin: begin(archive),
      oracle: {
        python: `${pythonOpenAllOn(topic)}
oldest = min(notes, key=lambda note: note["year"])
final_answer(oldest["year"] - get_birth_year(oldest["author"]))`,
        *steps() {
          const notes = yield* openAllOn(topic);
          const [found] = notes.sort((left, right) => left.year - right.year);
          const author = found?.author ?? "";
          return (found?.year ?? 0) - (yield* call<number>("get_birth_year", { author }));
        },
      },
    };
  },
};

/** Questions whose answers lie behind links and pages. */
export function archiveTasks(): EvalTask[] {
  return inventTasks("archive", [firstCitations, writtenBefore, longestCited, authorsAge]);
}
