/**
 * Closes what some work has used, and gives the work's outcome. Where both fail, what went wrong
 * with the work is what the caller has to know.
 */
export async function closeAfter<T>(
  work: Promise<T>,
  resource: { close(): Promise<void> },
): Promise<T> {
  try {
    await work;
  } catch (error) {
    await resource.close().catch(() => undefined);
    throw error;
  }
  await resource.close();
  return work;
}
