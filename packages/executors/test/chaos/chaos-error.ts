/** What the host's own handlers throw on purpose: the executor has to pass it on. */
export class ChaosError extends Error {
  override readonly name = "ChaosError";

  constructor(who: string) {
    super(`${who} failed on purpose`);
  }
}
