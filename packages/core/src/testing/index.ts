export {
  checkEventGrammar,
  type CheckEventGrammarOptions,
} from "./event-grammar/check-event-grammar.js";
export type { GrammarRule, GrammarViolation } from "./event-grammar/violation.js";
export type { FakeCell, FakeCellHandler } from "./fake-executor/fake-cell.js";
export { FakeExecutor, type FakeExecutorOptions } from "./fake-executor/fake-executor.js";
export { FakePythonError } from "./fake-executor/fake-python-error.js";
export { type RecordableSource, recordEvents, type RecordedEvents } from "./record-events.js";
export {
  ScriptedModel,
  type ScriptedModelOptions,
  type ScriptedModelRequest,
} from "./scripted-model.js";
export type { ScriptedMessage, ScriptedReply, ScriptedToolCall } from "./scripted-reply.js";
export {
  type ConformanceSuite,
  type DescribeExecutorOptions,
  describeExecutor,
} from "./executor-conformance/describe-executor.js";
export type { ExecutorFactory } from "./executor-conformance/case-context.js";
export {
  type DescribeModelOptions,
  describeModel,
  type ModelSuite,
} from "./model-conformance/describe-model.js";
export type {
  ModelFault,
  ModelRefusal,
  ModelReply,
  ModelSetup,
  ModelSetupOptions,
  ModelToolCallReply,
  ModelUnderTest,
} from "./model-conformance/model-under-test.js";
export type { ModelTopic } from "./model-conformance/model-topic.js";
