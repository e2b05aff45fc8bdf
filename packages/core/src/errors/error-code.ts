/**
 * What went wrong, as a stable string. Every {@link CodeActError} carries one; branch on it
 * instead of on messages.
 *
 * | code | meaning |
 * | --- | --- |
 * | `invalid-option` | An option of `Agent`, of an executor or of a model cannot be used. |
 * | `invalid-task` | The task given to a run is empty or has an unusable part. |
 * | `invalid-tool` | A tool definition cannot be offered to Python. |
 * | `invalid-trajectory` | Stored trajectory data does not have the known schema. |
 * | `session-busy` | A second run was started while the session was still in one. |
 * | `session-closed` | The session was used after `close()`. |
 * | `executor-start` | No interpreter could be started. |
 * | `executor-fault` | The executor broke its own protocol or lost its interpreter for good. |
 * | `executor-closed` | The executor or interpreter was used after `close()`. |
 * | `sandbox` | The isolation that was asked for cannot be had on this machine. |
 * | `fork` | A live interpreter could not be forked. |
 * | `unsupported` | The executor or model lacks a capability that was asked for. |
 * | `workspace-file` | A workspace file operation was refused or failed. |
 * | `model-*` | The model could not answer; see {@link ModelErrorCode}. |
 * | `context-overflow` | The request no longer fits in the model's context window. |
 * | `callback` | A callback given to the agent (`prepareStep`, `checkAnswer`, …) threw. |
 * | `script` | A test double was used differently from its script. |
 */
export type ErrorCode =
  | "invalid-option"
  | "invalid-task"
  | "invalid-tool"
  | "invalid-trajectory"
  | "session-busy"
  | "session-closed"
  | "executor-start"
  | "executor-fault"
  | "executor-closed"
  | "sandbox"
  | "fork"
  | "unsupported"
  | "workspace-file"
  | "callback"
  | "script"
  | ModelErrorCode;

/**
 * Why a model could not answer.
 *
 * | code | meaning | retryable by default |
 * | --- | --- | --- |
 * | `model-authentication` | Key missing or refused (401). | no |
 * | `model-permission` | Key valid, but not allowed to do this (403). | no |
 * | `model-not-found` | No such model or endpoint (404). | no |
 * | `model-invalid-request` | The server refused the request as malformed (400, 422). | no |
 * | `model-request-too-large` | The body is too large for the server (413). | no |
 * | `model-rate-limit` | Too many requests or quota spent (429). | yes |
 * | `model-overloaded` | The server is busy (503, 529). | yes |
 * | `model-server` | The server failed (other 5xx, or an error body inside a stream). | yes |
 * | `model-timeout` | No answer or no next byte in time (408, 504, idle stream). | yes |
 * | `model-connection` | The connection failed or broke. | yes |
 * | `model-invalid-response` | The answer does not follow the protocol. | yes |
 * | `model-closed` | The model was used after `close()`. | no |
 * | `context-overflow` | The request does not fit in the context window. | no |
 */
export type ModelErrorCode =
  | "model-authentication"
  | "model-permission"
  | "model-not-found"
  | "model-invalid-request"
  | "model-request-too-large"
  | "model-rate-limit"
  | "model-overloaded"
  | "model-server"
  | "model-timeout"
  | "model-connection"
  | "model-invalid-response"
  | "model-closed"
  | "context-overflow";
