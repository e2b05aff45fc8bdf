export { FakeExecutor, type FakeExecutorOptions } from "./fake-executor/fake-executor.js";
export type { FakeCell, FakeCellHandler } from "./fake-executor/fake-cell.js";
export { FakePythonError } from "./fake-executor/fake-python-error.js";
export {
  ScriptedModel,
  type ScriptedModelOptions,
  type ScriptedModelRequest,
} from "./scripted-model.js";
export type { ScriptedMessage, ScriptedReply, ScriptedToolCall } from "./scripted-reply.js";
