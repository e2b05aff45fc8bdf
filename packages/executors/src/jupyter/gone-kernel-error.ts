import { CodeActError } from "@codeact/core";

/** A kernel was there, and was gone before it could be used. */
export class GoneKernelError extends CodeActError {
  constructor(message: string) {
    super("executor-start", message);
  }
}
