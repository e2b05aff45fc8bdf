import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { CodeActError } from "@codeact/core";
import { collectAttempts } from "../data/collect-attempts.js";
import type { Conversation } from "../data/conversation.js";
import { canWrite, type DataSetForm, readDataSet, writeDataSet } from "../data/data-set.js";
import { selectConversations } from "../data/filters.js";
import { parseFormatName } from "../suite/format.js";
import { readArguments } from "./arguments.js";
import { journalName } from "./report-command.js";
import type { Terminal } from "./terminal.js";

const usage = `codeact-eval data FOLDER…: makes training data of the runs in these folders.

  --format A,B           code, json, text                        (default: code)
  --minimum-turns N      leaves out runs with fewer turns             (default: 3)
  --without-family A,B   leaves out these families
  --form A,B             codeact, chatml, openai, sharegpt          (default: all)
  --out NAME             begins the names of the files       (default: ./codeact-data)
`;

const files: Record<DataSetForm, string> = {
  codeact: ".codeact.jsonl",
  chatml: ".chatml.txt",
  openai: ".openai.jsonl",
  sharegpt: ".sharegpt.jsonl",
};
const forms = Object.keys(files) as DataSetForm[];

/** `codeact-eval data`. */
export async function dataCommand(given: readonly string[], terminal: Terminal): Promise<number> {
  const text = { type: "string" } as const;
  const args = readArguments(given, {
    format: text,
    "minimum-turns": text,
    "without-family": text,
    form: text,
    out: text,
    help: { type: "boolean" },
  });
  if (args.flag("help")) {
    terminal.stdout.write(usage);
    return 0;
  }
  if (args.positionals.length === 0) {
    throw new CodeActError("invalid-option", "Give the folders that runs were written to.");
  }
  const minimumTurns = args.number("minimum-turns");
  const wanted = args.list("form")?.map(parseForm) ?? forms;
  const formats = args.list("format")?.map(parseFormatName);
  const journals = args.positionals.map((folder) => path.join(folder, journalName));
  const { conversations, counts } = await selectConversations(collectAttempts(journals), {
    withoutFamilies: args.list("without-family") ?? [],
    ...(formats && { formats }),
    ...(minimumTurns !== undefined && { minimumTurns }),
  });
  for (const { filter, left } of counts) {
    terminal.stdout.write(`${String(left).padStart(8)}  ${filter}\n`);
  }
  for (const form of wanted) {
    const file = `${args.text("out") ?? "codeact-data"}${files[form]}`;
    terminal.stdout.write(`${await writeChecked(file, conversations, form)}\n`);
  }
  return 0;
}

/** Writes a file, reads it back, and says what it holds. */
async function writeChecked(
  file: string,
  conversations: readonly Conversation[],
  form: DataSetForm,
): Promise<string> {
  const written = conversations.filter((conversation) => canWrite(conversation, form));
  await writeFile(file, writeDataSet(written, form));
  const read = readDataSet(await readFile(file, "utf8"), form);
  if (!isDeepStrictEqual(read.map(messagesOf), written.map(messagesOf))) {
    throw new CodeActError(
      "invalid-option",
      `${file} does not hold what was written to it: ${read.length} conversations were read back, ${written.length} written. Does something else write there?`,
    );
  }
  const left = conversations.length - written.length;
  const without = left === 0 ? "" : `, ${left} left out that have ChatML's own marks in a message`;
  return `${file}: ${read.length} conversations, read back and the same${without}`;
}

function messagesOf({ conversations }: Conversation): Conversation["conversations"] {
  return conversations;
}

function parseForm(name: string): DataSetForm {
  const form = forms.find((known) => known === name);
  if (form !== undefined) return form;
  throw new CodeActError(
    "invalid-option",
    `There is no form "${name}". The forms are: ${forms.join(", ")}.`,
  );
}
