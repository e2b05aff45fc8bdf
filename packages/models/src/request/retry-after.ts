/** How long a server asks to wait, in milliseconds; `undefined` if it does not say. */
export function retryAfterMs(headers: Headers, nowMs = Date.now()): number | undefined {
  const inMilliseconds = readNumber(headers.get("retry-after-ms"));
  if (inMilliseconds !== undefined) return Math.max(0, inMilliseconds);
  const value = headers.get("retry-after");
  const inSeconds = readNumber(value);
  if (inSeconds !== undefined) return Math.max(0, inSeconds * 1000);
  const dateMs = value ? Date.parse(value) : Number.NaN;
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}

function readNumber(value: string | null): number | undefined {
  const number = value?.trim() ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}
