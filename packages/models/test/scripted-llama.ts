import type { Token } from "node-llama-cpp";
import type { ModelReply, ModelUnderTest } from "@codeact/core/testing";
import type { GenerationSettings } from "../src/llama/generate.js";
import { RunningModel } from "../src/llama/running-model.js";
import { type Sequence, SequencePool } from "../src/llama/sequence-pool.js";

const contextSize = 1_000_000;
const endOfMessage = 0 as Token;
const reasoning = { begin: "<think>", end: "</think>", opened: false };

/**
 * `LlamaModel` over a runtime that samples the tokens of prepared replies, instead of llama.cpp: a
 * token is a piece of the reply, or so many bytes of it.
 */
export function scriptedLlama(): ModelUnderTest {
  const vocabulary: Uint8Array[] = [new Uint8Array()];
  const requests: string[] = [];
  let replyTokens: Token[] = [];
  let promptTokens = 1;
  let openAnswers = 0;

  const tokenOf = (bytes: Uint8Array): Token => (vocabulary.push(bytes) - 1) as Token;
  const sequence = (): Sequence => ({
    nextTokenIndex: 0,
    compareContextTokens: () => ({ firstDifferentIndex: 0 }),
    adaptStateToTokens: () => Promise.resolve(),
    evaluateWithoutGeneratingNewTokens: () => Promise.resolve(),
    async *evaluate() {
      openAnswers++;
      try {
        for (const token of replyTokens) yield await Promise.resolve(token);
      } finally {
        openAnswers--;
      }
    },
  });
  const settings: GenerationSettings = {
    modelId: "llama:scripted",
    model: {
      isEogToken: (token) => token === endOfMessage,
      detokenize: (tokens) =>
        new TextDecoder().decode(concatenate(tokens.map((token) => vocabulary[token]))),
    },
    template: {
      reasoning,
      render: (messages) => {
        requests.push(JSON.stringify(messages));
        return { tokens: Array.from({ length: promptTokens }, () => endOfMessage), stop: [] };
      },
    },
    pool: new SequencePool([sequence(), sequence()]),
    contextSize,
    temperature: undefined,
    maxOutputTokens: undefined,
    seed: undefined,
  };
  const model = new RunningModel(settings, () => Promise.resolve());
  return {
    model,
    requests,
    get openAnswers() {
      return openAnswers;
    },
    reply(reply) {
      replyTokens = [
        ...pieces(reply).map(tokenOf),
        ...(reply.reason === "length" ? [] : [endOfMessage]),
      ];
    },
    overflow() {
      promptTokens = contextSize;
    },
    close: () => model.close(),
  };
}

function pieces({ text, reasoning: thought, pieceBytes }: ModelReply): Uint8Array[] {
  const encoder = new TextEncoder();
  const spoken = thought === undefined ? text : [reasoning.begin, thought, reasoning.end, ...text];
  if (pieceBytes === undefined) return spoken.map((piece) => encoder.encode(piece));
  const bytes = encoder.encode(spoken.join(""));
  const count = Math.ceil(bytes.length / pieceBytes);
  return Array.from({ length: count }, (_, index) =>
    bytes.slice(index * pieceBytes, (index + 1) * pieceBytes),
  );
}

function concatenate(parts: readonly (Uint8Array | undefined)[]): Uint8Array {
  const known = parts.filter((part) => part !== undefined);
  const whole = new Uint8Array(known.reduce((length, part) => length + part.length, 0));
  let position = 0;
  for (const part of known) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}
