import type { ModelErrorCode } from "@codeact/core";

/** Where a failure happened and what its user may do, for its message. */
export interface FailureContext {
  modelId: string;
  /** Absent where only the other side knows it. */
  baseURL?: string;
  /** Keys and tokens, which no message may show. */
  secrets: readonly string[];
  /** What to do about failures of a code, in the words of the adapter's own options. */
  advice: Readonly<Partial<Record<ModelErrorCode, string>>>;
}

/** What happened, where, what the other side said, and what to do. */
export function describe(context: FailureContext, what: string, detail: string, help = ""): string {
  const quote = redact(detail, context).replace(/\s+/g, " ").trim();
  const shown = quote.length > 500 ? `${quote.slice(0, 500)}…` : quote;
  const place = context.baseURL === undefined ? "" : ` at ${redact(context.baseURL, context)}`;
  const where = `${context.modelId}${place} ${what}`;
  return `${shown ? `${where}: ${shown}` : where}${/[.!?…]$/.test(shown) ? "" : "."} ${help}`.trim();
}

function redact(text: string, context: FailureContext): string {
  return context.secrets
    .reduce((safe, secret) => safe.replaceAll(secret, "[secret]"), text)
    .replace(/\/\/[^/@\s]*@/g, "//[secret]@");
}

/** A cause that shows a secret is left out: errors are logged with their causes. */
export function safeCause(cause: unknown, context: FailureContext): { cause?: unknown } {
  if (cause === undefined) return {};
  const text = causeChain(cause).join(" ");
  return redact(text, context) === text ? { cause } : {};
}

/** The messages of an error and of what caused it, outermost first, without repetition. */
export function causeChain(error: unknown): string[] {
  const messages = new Set<string>();
  let current: unknown = error;
  for (let depth = 0; depth < 8 && current !== undefined && current !== null; depth++) {
    const message =
      current instanceof Error ? current.message : typeof current === "string" ? current : "";
    const code = errorCode(current);
    for (const text of [message, message.includes(code) ? "" : code]) {
      if (text) messages.add(text);
    }
    current = current instanceof Error ? current.cause : undefined;
  }
  return [...messages];
}

/** Node's name for a system error, such as `ECONNREFUSED`; often all that its error says. */
function errorCode(error: unknown): string {
  const hasCode = typeof error === "object" && error !== null && "code" in error;
  return hasCode && typeof error.code === "string" ? error.code : "";
}
