import type { Model } from "@codeact/core";

/** The model without system messages, for protocols that have none. */
export function withoutSystem(model: Model): Model {
  return {
    id: model.id,
    ...(model.capabilities && { capabilities: model.capabilities }),
    generate: (request) =>
      model.generate({
        ...request,
        messages: request.messages.filter(({ role }) => role !== "system"),
      }),
  };
}
