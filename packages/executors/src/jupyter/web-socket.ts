import { CodeActError } from "@codeact/core";

/** What is used of a websocket; those of browsers, of newer Node and of the package `ws` have it. */
export interface WebSocketLike {
  binaryType: string;
  readonly protocol: string;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(): void;
  /** Only `ws` has it: sends a frame of six bytes that nobody answers. */
  pong?(): void;
  /** Only `ws` has it: ends the connection without a farewell. */
  terminate?(): void;
  onopen: ((event: unknown) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: unknown) => void) | null;
  onerror: ((event: unknown) => void) | null;
}

type WebSocketClass = new (url: string, second?: unknown, third?: unknown) => WebSocketLike;

/** Where a websocket leads, and what it says of itself. */
export interface WebSocketTarget {
  url: URL;
  protocols: readonly string[];
  headers: Readonly<Record<string, string>>;
  token: string | undefined;
}

const isBrowser = "document" in globalThis || "WorkerGlobalScope" in globalThis;
/** Messages hold whole tool inputs; `ws` refuses more than 100 MiB unless told otherwise. */
const maxMessageBytes = 512 * 1024 * 1024;

/**
 * Opens a websocket, with headers where the platform can send some. Browsers cannot: there the
 * token is a part of the address. Elsewhere that of `ws` is preferred, for it can `pong`.
 * @throws CodeActError with code `executor-start` where there is no websocket at all.
 */
export async function openWebSocket(target: WebSocketTarget): Promise<WebSocketLike> {
  const { url, protocols, token } = target;
  const known = (globalThis as { WebSocket?: WebSocketClass }).WebSocket;
  let socket: WebSocketLike;
  if (known !== undefined && isBrowser) {
    const withToken = new URL(url);
    if (token !== undefined) withToken.searchParams.set("token", token);
    socket = new known(withToken.href, [...protocols]);
  } else {
    socket = await openWithHeaders(known, target);
  }
  socket.binaryType = "arraybuffer";
  return socket;
}

async function openWithHeaders(
  known: WebSocketClass | undefined,
  { url, protocols, headers }: WebSocketTarget,
): Promise<WebSocketLike> {
  let ws: { WebSocket: WebSocketClass };
  try {
    ws = (await import("ws")) as unknown as typeof ws;
  } catch (error) {
    if (known !== undefined) return new known(url.href, { protocols: [...protocols], headers });
    throw new CodeActError(
      "executor-start",
      "This Node has no WebSocket. Install the package `ws`, or use Node 22 or newer.",
      { cause: error },
    );
  }
  const options = { headers, perMessageDeflate: false, maxPayload: maxMessageBytes };
  return new ws.WebSocket(url.href, [...protocols], options);
}

/** Lets go of a websocket at once; none of its events is heard any more. */
export function dropWebSocket(socket: WebSocketLike): void {
  const ignore = () => undefined;
  socket.onopen = socket.onmessage = socket.onclose = socket.onerror = ignore;
  if (socket.terminate !== undefined) socket.terminate();
  else socket.close();
}
