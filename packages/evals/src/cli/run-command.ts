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
  const breakOff = (): void => {
    // The next one is not heard and ends the process: what is under way may take long to stop.
    unhear();
    breaking.abort(new DOMException("Broken off.", "AbortError"));
  };
  const unhear = (): void => {
    terminal.off("SIGINT", breakOff);
    terminal.off("SIGTERM", breakOff);
  };
  let faults = 0;
  const progress = new ProgressLine(terminal.stderr);
  terminal.on("SIGINT", breakOff);
  terminal.on("SIGTERM", breakOff);
  try {
    const suite = await chooseSuite(args, executor);
    const { model, close } = await openModel(args, concurrency, breaking.signal);
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
      onProgress: (state) => {
        faults = state.faults;
        if (!args.flag("quiet")) progress.show(state);
      },
    });
    progress.end();
    await writeReports(folder, evaluation, terminal.stdout);
    return faults > 0 ? 1 : 0;
  } catch (error) {
    progress.end();
    if (!breaking.signal.aborted) throw error;
    terminal.stderr.write("Broken off. The same command goes on with it.\n");
    return 130;
  } finally {
    unhear();
    await executor.close();
    await closeModel();
  }
}

/** Opens the model, unless the signal aborts meanwhile. */
async function openModel(
  args: CommandArguments,
  concurrency: number,
  signal: AbortSignal,
): ReturnType<typeof chooseModel> {
  signal.throwIfAborted();
  const opening = chooseModel(args, concurrency);
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal.reason as Error);
  });
  signal.addEventListener("abort", abort);
  try {
    return await Promise.race([opening, aborted]);
  } catch (error) {
    // Loading cannot be stopped. What it gives too late is given back, and how that ends matters to nobody.
    if (signal.aborted) void opening.then(({ close }) => close()).catch(() => undefined);
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
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
