import * as z from "zod/mini";

/** What the body of an error says, whatever the server's dialect. */
export interface ErrorFacts {
  message: string;
  code?: string;
  type?: string;
  /** The request parameter that the server complains about, as a path. */
  parameter?: string;
  /** The HTTP status that the body names: the only one when the error comes inside a stream. */
  status?: number;
}

const word = z.catch(z.optional(z.string()), undefined);

const errorObject = z.object({
  message: z.optional(z.unknown()),
  code: z.catch(z.optional(z.union([z.string(), z.number()])), undefined),
  type: word,
  param: word,
  detail: z.optional(z.unknown()),
  metadata: z.catch(z.optional(z.object({ raw: word })), undefined),
});

/** FastAPI's way to report what it could not validate. */
const validationIssue = z.object({
  loc: z.array(z.union([z.string(), z.number()])),
  msg: z.string(),
  type: word,
});

/** Reads the parsed body of an error, or the value of its `error` member. */
export function readErrorBody(body: unknown): ErrorFacts {
  if (typeof body === "string") return { message: body };
  if (Array.isArray(body)) return readErrorBody(body[0]);
  if (typeof body !== "object" || body === null) return { message: "" };
  if ("error" in body && body.error) return readErrorBody(body.error);
  const parsed = errorObject.safeParse(body);
  if (!parsed.success) return { message: JSON.stringify(body) };
  const { message, code, type, param, detail, metadata } = parsed.data;
  const issue = validationIssue.safeParse(Array.isArray(detail) ? detail[0] : undefined);
  if (issue.success) return readValidationIssue(issue.data);
  const status = Number(code);
  return {
    message: [message ?? detail ?? body, metadata?.raw].map(asText).filter(Boolean).join(": "),
    ...(code === undefined ? {} : { code: String(code) }),
    ...(type === undefined ? {} : { type }),
    ...(param === undefined ? {} : { parameter: param }),
    ...(status >= 400 && status < 600 ? { status } : {}),
  };
}

function readValidationIssue(issue: z.infer<typeof validationIssue>): ErrorFacts {
  const path = issue.loc.filter((step) => step !== "body");
  return {
    message: `${path.join(".")}: ${issue.msg}`,
    ...(issue.type === undefined ? {} : { type: issue.type }),
    ...(path.length > 0 ? { parameter: path.join(".") } : {}),
  };
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
}
