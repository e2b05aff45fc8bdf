/**
 * A `fetch` that hands the client every error body under the member `error`. The client reads only
 * that one, while many servers put the facts at the top, under `detail`, or in plain text; without
 * it a context overflow of such a server would be an unexplained status 400.
 */
export async function fetchWithErrorEnvelope(
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  const response = await fetch(input, init);
  if (response.status < 400) return response;
  const text = await response.text();
  const { status, statusText, headers } = response;
  return new Response(JSON.stringify({ error: readErrorMember(text) }), {
    status,
    statusText,
    headers,
  });
}

function readErrorMember(text: string): unknown {
  try {
    const body: unknown = JSON.parse(text);
    const hasError = typeof body === "object" && body !== null && "error" in body && body.error;
    return hasError ? body.error : body;
  } catch {
    return text;
  }
}
