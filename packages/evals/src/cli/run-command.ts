import path from "node:path";
import { PythonExecutor } from "@codeact/executors/python";
import { runEvaluation } from "../run/run-evaluation.js";
import { parseFormatName } from "../suite/format.js";
import type { Sampling } from "../suite/task.js";
import { readArguments, type CommandArguments, type OptionTypes } from "./arguments.js";
import { chooseModel, modelUsage } from "./choose-model.js";
import { chooseSuite, suiteUsage } from "./choose-suite.js";
import { ProgressLine } from "./progress-line.js";
import { journalName, writeReports } from "./report-command.js";
import type { Terminal } from "./terminal.js";

const usage = `codeact-eval run: tries every task of a suite in every format.

${suiteUsage}
${modelUsage}
  --format A,B           code, json, text, native     (default: code,json,text)
  --repeats N            attempts at each task and format              (default: 1)
  --concurrency N        attempts at once                              (default: 4)
  --steps N              messages of the model in an attempt           (default: 20)
  --temperature N, --max-output-tokens N, --seed N
                         sent with every request; repeats count the seed up
  --out FOLDER           journal and reports             (default: ./codeact-eval)
  --quiet                no progress

The same command goes on with a run that was broken off.
`;

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const options = {
  suite: text,
  tasks: text,
  protocol: text,
  family: text,
  task: text,
  limit: text,
  model: text,
  "base-url": text,
  threads: text,
  record: text,
  format: text,
  repeats: text,
  concurrency: text,
  steps: text,
  temperature: text,
  "max-output-tokens": text,
  seed: text,
  out: text,
  quiet: flag,
  help: flag,
} satisfies OptionTypes;

/** `codeact-eval run`. */
export async function runCommand(given: readonly string[], terminal: Terminal): Promise<number> {
  const args = readArguments(given, options);
  if (args.flag("help")) {
    terminal.stdout.write(usage);
    return 0;
  }
  const concurrency = args.number("concurrency") ?? 4;
  const formats = args.list("format")?.map(parseFormatName);
  const repeats = args.number("repeats") ?? 1;
  const steps = args.number("steps");
  const folder = args.text("out") ?? "codeact-eval";
  const executor = new PythonExecutor();
  let closeModel = async (): Promise<void> => undefined;
  const breaking = new AbortController();
  const breakOff = (): void => breaking.abort(new DOMException("Broken off.", "AbortError"));
  const progress = new ProgressLine(terminal.stderr);
  terminal.on("SIGINT", breakOff);
  terminal.on("SIGTERM", breakOff);
  try {
    const suite = await chooseSuite(args, executor);
    const { model, close } = await chooseModel(args, concurrency);
    closeModel = close;
    const evaluation = await runEvaluation({
      suite,
      model,
      executor,
      repeats,
      concurrency,
      journal: path.join(folder, journalName),
      sampling: samplingOf(args),
      limits: steps === undefined ? {} : { steps },
      signal: breaking.signal,
      ...(formats && { formats }),
      ...(!args.flag("quiet") && { onProgress: progress.show }),
    });
    progress.end();
    await writeReports(folder, evaluation, terminal.stdout);
    return evaluation.faults.length > 0 ? 1 : 0;
  } catch (error) {
    progress.end();
    if (!breaking.signal.aborted) throw error;
    terminal.stderr.write("Broken off. The same command goes on with it.\n");
    return 130;
  } finally {
    terminal.off("SIGINT", breakOff);
    terminal.off("SIGTERM", breakOff);
    await executor.close();
    await closeModel();
  }
}

function samplingOf(args: CommandArguments): Sampling {
  const temperature = args.number("temperature");
  const maxOutputTokens = args.number("max-output-tokens");
  const seed = args.number("seed");
  return {
    ...(temperature !== undefined && { temperature }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(seed !== undefined && { seed }),
  };
}
