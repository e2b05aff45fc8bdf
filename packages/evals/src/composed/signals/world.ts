import { type AnyTool, tool } from "@codeact/core";
import { z } from "zod";

const letters = "abcdefghijklmnopqrstuvwxyz";

/** Words that messages are made of. */
export const vocabulary = [
  "amber", "beacon", "copper", "dagger", "ember", "falcon", "granite", "harbor",
  "island", "jigsaw", "kettle", "lantern", "marble", "needle", "orchid", "pepper",
]; // biome-ignore format: a table

/** Intercepted messages, by number from 1. */
export type Intercepts = string[];

/** Shifts letters by so many places in the alphabet, around its end; all else stays. */
export function rotate(text: string, places: number): string {
  return [...text]
    .map((character) => {
      const index = letters.indexOf(character);
      return index < 0 ? character : (letters.at((index + places) % letters.length) as string);
    })
    .join("");
}

/** The text backwards. */
export function reverse(text: string): string {
  return [...text].reverse().join("");
}

/** Its characters as hexadecimal numbers of two digits. */
export function toHex(text: string): string {
  return [...text].map((each) => each.charCodeAt(0).toString(16).padStart(2, "0")).join("");
}

/** The opposite of {@link toHex}. */
export function fromHex(text: string): string {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new Error(`"${text}" is not hexadecimal.`);
  return (text.match(/../g) ?? [])
    .map((digits) => String.fromCharCode(Number.parseInt(digits, 16)))
    .join("");
}

/** The sum of the places of its letters in the alphabet, each times its position, modulo 97. */
export function checksum(text: string): number {
  return (
    [...text].reduce(
      (sum, character, index) => sum + (letters.indexOf(character) + 1) * (index + 1),
      0,
    ) % 97
  );
}

/** The tools. */
export function signalTools(intercepts: Intercepts): AnyTool[] {
  const text = z.object({ text: z.string() });
  return [
    tool({
      name: "get_message",
      description: `An intercepted message by its number, from 1 to ${intercepts.length}.`,
      inputSchema: z.object({ number: z.int().min(1).max(intercepts.length) }),
      outputSchema: z.string(),
      execute: ({ number }) => intercepts[number - 1] as string,
    }),
    tool({
      name: "rotate",
      description:
        "Shifts each lower-case letter back by so many places in the alphabet, around its beginning.",
      inputSchema: z.object({ text: z.string(), places: z.int().min(0).max(25) }),
      outputSchema: z.string(),
      execute: (input) => rotate(input.text, letters.length - input.places),
    }),
    tool({
      name: "reverse_text",
      description: "The text backwards.",
      inputSchema: text,
      outputSchema: z.string(),
      execute: (input) => reverse(input.text),
    }),
    tool({
      name: "from_hex",
      description: "The text of which these are the characters, two hexadecimal digits each.",
      inputSchema: text,
      outputSchema: z.string(),
      execute: (input) => fromHex(input.text),
    }),
    tool({
      name: "checksum",
      description: "The checksum of a text, a number below 97.",
      inputSchema: text,
      outputSchema: z.int(),
      execute: (input) => checksum(input.text),
    }),
  ];
}
