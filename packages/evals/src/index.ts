export { type ApiBankOptions, apiBankSuite } from "./api-bank/api-bank-suite.js";
export { composedSuite } from "./composed/composed-suite.js";
export { collectAttempts, type SourcedAttempt } from "./data/collect-attempts.js";
export type { Conversation } from "./data/conversation.js";
export { type DataSetForm, readDataSet, writeDataSet } from "./data/data-set.js";
export {
  type FilterCount,
  type Selection,
  type SelectionOptions,
  selectConversations,
} from "./data/filters.js";
export { type M3ToolEvalOptions, m3ToolEvalSuite } from "./m3tooleval/m3tooleval-suite.js";
export { type MintOptions, mintSuite } from "./mint/mint-suite.js";
export type { Comparison, Difference } from "./report/comparison.js";
export type { Figures } from "./report/figures.js";
export { renderHtml } from "./report/html/page.js";
export { renderMarkdown } from "./report/markdown.js";
export {
  type EvaluationReport,
  type FamilyFigures,
  type FormatFigures,
  makeReport,
} from "./report/report.js";
export type {
  AttemptKey,
  AttemptRecord,
  AttemptResult,
  EvaluationHeader,
  FaultRecord,
} from "./run/attempt-record.js";
export { type Evaluation, readAttempts, readEvaluation } from "./run/journal-reader.js";
export type { EvaluationOptions, ModelChooser } from "./run/options.js";
export type { EvaluationProgress } from "./run/progress.js";
export { runEvaluation } from "./run/run-evaluation.js";
export {
  type SingleTurnName,
  type SingleTurnOptions,
  singleTurnSuite,
} from "./single-turn/single-turn-suite.js";
export {
  bootstrapMean,
  type BoundedEstimate,
  type Estimate,
  type Interval,
} from "./statistics/bootstrap.js";
export { holm, pairedTest } from "./statistics/permutation-test.js";
export { successRate } from "./statistics/success-rate.js";
export { agentTask, type AgentTaskOptions, type TaskWorld } from "./suite/agent-task.js";
export type { FormatName } from "./suite/format.js";
export { isSameAnswer } from "./suite/judge.js";
export {
  call,
  callForText,
  type Oracle,
  type OracleCall,
  type OracleSteps,
} from "./suite/oracle.js";
export { oracles } from "./suite/oracle-chooser.js";
export type { Protocol } from "./suite/protocol.js";
export { withTaskHash } from "./suite/task-hash.js";
export type { AttemptOutcome, AttemptSetting, EvalTask, Sampling, Suite } from "./suite/task.js";
