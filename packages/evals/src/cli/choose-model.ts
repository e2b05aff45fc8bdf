import { CodeActError, type Model } from "@codeact/core";
import { RecordedModel, readRecording, recordModel } from "@codeact/models/recorded";
import type { ModelChooser } from "../run/options.js";
import { oracles } from "../suite/oracle-chooser.js";
import type { CommandArguments } from "./arguments.js";

/** What may be given as `--model`. */
export const modelUsage = `  --model MODEL          oracle            plays known solutions
                         openai:NAME       any server that speaks Chat Completions
                         llama:NAME        a model on this machine, by @codeact/models/llama
                         recorded:FILE     replays what --record wrote
  --base-url URL         the server for openai:NAME (or OPENAI_BASE_URL; key: OPENAI_API_KEY)
  --threads N            threads of the processor for llama:NAME
  --record FILE          records every exchange with the model`;

/**
 * The model that `--model` names. `close` gives back what it holds.
 * @throws `CodeActError` with code `invalid-option`
 */
export async function chooseModel(
  args: CommandArguments,
  concurrency: number,
): Promise<{ model: Model | ModelChooser; close: () => Promise<void> }> {
  const given = args.text("model") ?? "";
  const [kind = "", ...rest] = given.split(":");
  const name = rest.join(":");
  if (given === "oracle" && args.text("record") !== undefined) {
    throw new CodeActError("invalid-option", "--record needs a model: the oracle is none.");
  }
  if (given === "oracle") return { model: oracles, close: async () => undefined };
  const open = openers.get(kind);
  if (open === undefined || name === "") {
    throw new CodeActError(
      "invalid-option",
      `--model "${given}" names no model. Give one of:\n${modelUsage}`,
    );
  }
  const record = args.text("record");
  if (kind === "recorded" || record !== undefined) assertRepeatsDiffer(args);
  const { model, close } = await open(name, args, concurrency);
  return { model: record === undefined ? model : recordModel(model, { path: record }), close };
}

/** Nothing else says which repeat a recorded exchange is of: a resumed run would take that of another. */
function assertRepeatsDiffer(args: CommandArguments): void {
  if ((args.number("repeats") ?? 1) === 1 || args.number("seed") !== undefined) return;
  throw new CodeActError(
    "invalid-option",
    "--repeats with recorded exchanges needs --seed, in recording and in replay: repeats count it up, " +
      "so that their requests differ.",
  );
}

interface OpenedModel {
  model: Model;
  close: () => Promise<void>;
}

type Opener = (name: string, args: CommandArguments, concurrency: number) => Promise<OpenedModel>;

const openers = new Map<string, Opener>([
  [
    "openai",
    async (name, args) => {
      const { OpenAIModel } = await import("@codeact/models/openai");
      const baseURL = args.text("base-url");
      const model = new OpenAIModel({ model: name, ...(baseURL !== undefined && { baseURL }) });
      return { model, close: async () => undefined };
    },
  ],
  [
    "llama",
    async (name, args, concurrency) => {
      const { LlamaModel } = await import("@codeact/models/llama");
      const threads = args.number("threads");
      const model = await LlamaModel.load({
        model: name,
        concurrency,
        ...(threads !== undefined && { threads }),
      });
      return { model, close: () => model.close() };
    },
  ],
  [
    "recorded",
    async (path) => {
      const recorded = await readRecording(path);
      // Where a recorded run was broken off, the next one asked again.
      const exchanges = recorded.filter(
        ({ events, error }) => error !== undefined || events.at(-1)?.event.type === "finish",
      );
      // By request, since attempts run at once and a resumed run makes only some of them.
      const model = new RecordedModel({ exchanges, match: "request" });
      return { model, close: async () => undefined };
    },
  ],
]);
