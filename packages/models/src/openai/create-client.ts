import { CodeActError, ModelError } from "@codeact/core";
import { OpenAI } from "openai";
import { fetchWithErrorEnvelope } from "./error-envelope.js";

const officialBaseURL = "https://api.openai.com/v1";

/**
 * The API's client; what is not given it reads from `OPENAI_API_KEY` and `OPENAI_BASE_URL`. A
 * server that is not OpenAI's may be used without a key.
 * @throws `ModelError` with code `model-authentication`, `CodeActError` with code `invalid-option`
 */
export function createClient(options: { apiKey?: string; baseURL?: string }): OpenAI {
  const shared = {
    ...(options.baseURL === undefined ? {} : { baseURL: options.baseURL }),
    fetch: fetchWithErrorEnvelope,
  };
  const client = keyedClient(shared, options.apiKey) ?? keylessClient(shared);
  if (!isHttpURL(client.baseURL)) {
    throw new CodeActError(
      "invalid-option",
      `OpenAIModel: the base URL ${JSON.stringify(client.baseURL)} is not an http(s) URL. ` +
        'Give the option baseURL (or OPENAI_BASE_URL) as in "http://localhost:8000/v1".',
    );
  }
  return client;
}

type SharedOptions = ConstructorParameters<typeof OpenAI>[0];

/** `undefined` if there is no key, neither given nor in the environment. */
function keyedClient(shared: SharedOptions, apiKey: string | undefined): OpenAI | undefined {
  if (apiKey === "") return undefined;
  try {
    return new OpenAI({ ...shared, ...(apiKey === undefined ? {} : { apiKey }) });
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("Missing credentials")) return undefined;
    throw new CodeActError(
      "invalid-option",
      `OpenAIModel: the OpenAI client refused its options: ${firstLine(error)} ` +
        "Make an OpenAI client yourself and pass it as the option client.",
      { cause: error },
    );
  }
}

function keylessClient(shared: SharedOptions): OpenAI {
  const client = new OpenAI({
    ...shared,
    apiKey: "none",
    defaultHeaders: { Authorization: null },
    // The client guards keys against browsers; here is none.
    dangerouslyAllowBrowser: true,
  });
  if (client.baseURL !== officialBaseURL) return client;
  throw new ModelError(
    "model-authentication",
    "OpenAIModel: there is no API key. Set OPENAI_API_KEY or pass the option apiKey; " +
      "for a server that needs no key, pass the option baseURL or set OPENAI_BASE_URL.",
  );
}

function isHttpURL(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n")[0] ?? "";
}
