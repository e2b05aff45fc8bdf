import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { CodeActError } from "@codeact/core";
import { collectAttempts } from "../data/collect-attempts.js";
import { type DataSetForm, readDataSet, writeDataSet } from "../data/data-set.js";
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
  for (const form of args.list("form")?.map(parseForm) ?? forms) {
    const file = `${args.text("out") ?? "codeact-data"}${files[form]}`;
    await writeFile(file, writeDataSet(conversations, form));
    const read = readDataSet(await readFile(file, "utf8"), form);
    terminal.stdout.write(`${file}: ${read.length} conversations, read back and valid\n`);
  }
  return 0;
}

function parseForm(name: string): DataSetForm {
  const form = forms.find((known) => known === name);
  if (form !== undefined) return form;
  throw new CodeActError(
    "invalid-option",
    `There is no form "${name}". The forms are: ${forms.join(", ")}.`,
  );
}
