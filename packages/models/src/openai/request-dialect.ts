import type { ServerFailure } from "../request/server-failure.js";

/** Request parameters that some servers or models refuse and a request can do without. */
const negotiable = [
  "stream_options",
  "stop",
  "max_tokens",
  "max_completion_tokens",
  "temperature",
  "seed",
  "reasoning_content",
  "include",
  "reasoning",
] as const;

/** A parameter that the requests of a model may lose. */
export type NegotiableParameter = (typeof negotiable)[number];

const refusalCodes: ReadonlySet<string> = new Set([
  "unsupported_parameter",
  "unsupported_value",
  "unknown_parameter",
  "extra_forbidden",
]);

/** A value that is merely wrong must not match: leaving it out would hide the user's mistake. */
const refusalPhrase =
  /unsupported|not supported|(does|do) not support|doesn't support|unrecognized|unknown|unexpected|not (permitted|allowed)|additional propert/i;

/**
 * What one server and model have been found to refuse. A request that was turned down for such a
 * parameter was never answered, so sending it again without is no retry of a failed generation.
 */
export class RequestDialect {
  readonly #refused = new Set<NegotiableParameter>();

  /** The parameters that are no longer sent. */
  get refused(): readonly NegotiableParameter[] {
    return [...this.#refused];
  }

  /** Whether the parameter may be sent. */
  accepts(parameter: NegotiableParameter): boolean {
    return !this.#refused.has(parameter);
  }

  /**
   * Learns from a refusal.
   * @param sent the parameters of the refused request
   * @returns whether the same request would now go out differently
   */
  learn(failure: ServerFailure, sent: ReadonlySet<string>): boolean {
    if (failure.status !== 400 && failure.status !== 422) return false;
    const words = [failure.code ?? "", failure.type ?? ""];
    if (!words.some((word) => refusalCodes.has(word)) && !refusalPhrase.test(failure.message)) {
      return false;
    }
    const parameter = refusedParameter(failure);
    if (!parameter || !sent.has(parameter)) return false;
    const other = parameter === "max_tokens" ? "max_completion_tokens" : "max_tokens";
    // One of the two spellings must be left: a dropped output limit would be a silent surprise.
    if (isOutputLimit(parameter) && this.#refused.has(other)) return false;
    this.#refused.add(parameter);
    return true;
  }
}

function isOutputLimit(parameter: NegotiableParameter): boolean {
  return parameter === "max_tokens" || parameter === "max_completion_tokens";
}

function refusedParameter(failure: ServerFailure): NegotiableParameter | undefined {
  if (failure.parameter) {
    const path = failure.parameter.split(/[.[\]]+/);
    return negotiable.find((name) => path.includes(name));
  }
  const mentions = negotiable
    .map((name) => ({ name, at: failure.message.search(mention(name)) }))
    .filter(({ at }) => at >= 0);
  return mentions.sort((left, right) => left.at - right.at)[0]?.name;
}

/** `stop` and `seed` are also ordinary words: those count only where they are quoted or set apart. */
function mention(name: string): RegExp {
  return name.includes("_") || name === "temperature"
    ? new RegExp(`\\b${name}\\b`)
    : new RegExp(
        `['"\`]${name}['"\`]|\\b(parameters?|argument|field|property):? ${name}\\b|^${name}:`,
        "i",
      );
}
