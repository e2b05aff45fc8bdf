import { isObject } from "../bridge/frame-parser.js";
import { ProtocolError } from "../bridge/protocol-error.js";

/** The channels of a kernel that a websocket carries. */
export type KernelChannel = "shell" | "control" | "stdin" | "iopub";

/** An object of JSON. Nothing in it is checked. */
export type Members = { readonly [member: string]: unknown };

/** A message of the Jupyter protocol. What comes from a kernel can be trusted in nothing. */
export interface KernelMessage {
  channel: string;
  header: Members;
  parentHeader: Members;
  metadata: Members;
  content: Members;
  buffers: readonly Uint8Array[];
}

/** The version of the messaging protocol that is spoken here. */
const protocolVersion = "5.3";
const username = "codeact";

/** What a message to a kernel consists of. */
export interface OutgoingMessage {
  channel: KernelChannel;
  type: string;
  content: Members;
  metadata?: Members;
  parentHeader?: Members;
  buffers?: readonly Uint8Array[];
}

/** Completes a message with its header. */
export function kernelMessage(session: string, outgoing: OutgoingMessage): KernelMessage {
  const { channel, type, content, metadata = {}, parentHeader = {}, buffers = [] } = outgoing;
  const header = {
    msg_id: crypto.randomUUID(),
    msg_type: type,
    session,
    username,
    date: new Date().toISOString(),
    version: protocolVersion,
  };
  return { channel, header, parentHeader, metadata, content, buffers };
}

/** @throws ProtocolError when a part is no JSON object. */
export function readKernelMessage(
  channel: unknown,
  parts: { header: unknown; parentHeader: unknown; metadata: unknown; content: unknown },
  buffers: readonly Uint8Array[],
): KernelMessage {
  const { header, parentHeader, metadata, content } = parts;
  if (typeof channel !== "string" || !isObject(header) || !isObject(content)) {
    throw new ProtocolError("a message of the kernel was malformed");
  }
  return {
    channel,
    header,
    parentHeader: isObject(parentHeader) ? parentHeader : {},
    metadata: isObject(metadata) ? metadata : {},
    content,
    buffers,
  };
}
