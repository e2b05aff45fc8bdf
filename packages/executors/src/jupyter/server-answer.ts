/** What a request came to: the server's answer, or none. */
export type ServerAnswer = { status: number; body: unknown; text: string } | { failure: string };

/** A proxy speaks, and not the server: it may be there again soon. */
const passingStatuses: ReadonlySet<number> = new Set([502, 503, 504]);
/** How Node names certificates that it does not trust. */
const certificateFailure = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)/;
const noTlsFailure = /^(EPROTO|ERR_SSL_)/;
const noHostFailure = /^(ENOTFOUND|EAI_AGAIN)$/;
const noConnectionFailure = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;
const gatewayTimeout = 504;

/** Whether the same request may do better in a moment. */
export function isPassing(answer: ServerAnswer): boolean {
  if ("status" in answer) return passingStatuses.has(answer.status);
  return !certificateFailure.test(answer.failure) && !noTlsFailure.test(answer.failure);
}

/** Whether the server may have done, or may still do, what was asked, although it does not say so. */
export function mayBeDone(answer: ServerAnswer): boolean {
  if ("status" in answer) return answer.status === gatewayTimeout;
  const { failure } = answer;
  return isPassing(answer) && !noHostFailure.test(failure) && !noConnectionFailure.test(failure);
}

/** Whether the server knows who asks, and does not let them. */
export function isRefused(answer: ServerAnswer): boolean {
  return "status" in answer && (answer.status === 401 || answer.status === 403);
}

/** What is wrong, and what to do: the end of a sentence. `show` makes foreign words fit for it. */
export function reasonOf(answer: ServerAnswer, show: (text: string) => string): string {
  if ("failure" in answer) {
    return `it cannot be reached (${show(answer.failure)}); ${adviceOn(answer.failure)}`;
  }
  const { status } = answer;
  if (isRefused(answer)) {
    const reason = show(messageOf(answer));
    return (
      `it refuses the token (status ${status}${reason === "" ? "" : `: ${reason}`}); ` +
      "check the options `token` and `headers`"
    );
  }
  if (status === 0 || (status >= 300 && status < 400)) {
    return "it redirects, as to a login page; check the options `baseUrl` and `token`";
  }
  const said = show(messageOf(answer));
  const reason = `it answered with status ${status}${said === "" ? "" : `: ${said}`}`;
  return passingStatuses.has(status)
    ? `${reason}; check that the server behind the proxy runs`
    : reason;
}

/** The name that a failed `fetch` gives its cause, or its words. */
export function failureOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const code = (cause as { code?: unknown } | undefined)?.code;
  if (typeof code === "string") return code;
  return error.name === "TimeoutError" ? `no answer in ${timeoutMs} ms` : error.message;
}

function adviceOn(failure: string): string {
  if (certificateFailure.test(failure)) {
    return "if its certificate is signed by an authority of your own, name the authority's file in NODE_EXTRA_CA_CERTS";
  }
  if (noTlsFailure.test(failure)) return "check whether it speaks https or http";
  if (noHostFailure.test(failure)) {
    return "check the name of the host in the option `baseUrl`";
  }
  return "check that it runs, and the option `baseUrl`";
}

function messageOf({ body, text }: { body: unknown; text: string }): string {
  const message = (body as { message?: unknown } | undefined)?.message;
  const reason = (body as { reason?: unknown } | undefined)?.reason;
  if (typeof message === "string" || typeof reason === "string") {
    return [message, reason].filter((part) => typeof part === "string" && part !== "").join(": ");
  }
  return text.startsWith("<") ? "" : text.trim();
}
