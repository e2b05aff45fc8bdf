import type { JsonObject } from "@codeact/core";

/** What every request of a model has in common; a request's own values go before these. */
export interface RequestDefaults {
  model: string;
  temperature?: number;
  maxOutputTokens?: number;
  seed?: number;
  extraBody?: JsonObject;
}
