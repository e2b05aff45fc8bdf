/** Carries bytes to a worker and back, in order. */
export interface ByteTransport {
  /** Called once, before anything comes. */
  onBytes(take: (bytes: Uint8Array) => void): void;
  write(parts: readonly Uint8Array[]): void;
  /** Takes nothing for now, so that the worker has to wait. */
  pause(): void;
  resume(): void;
}
