export type {
  RecordedError,
  RecordedEvent,
  RecordedExchange,
  RecordedRequest,
} from "./exchange.js";
export { parseRecording } from "./exchange-schema.js";
export { recordModel, type RecordTarget } from "./record-model.js";
export { RecordedModel, type RecordedModelOptions } from "./recorded-model.js";
export { readRecording } from "./recording-file.js";
