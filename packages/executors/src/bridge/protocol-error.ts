/**
 * Python sent something that the protocol does not allow. Its interpreter is killed; the message
 * becomes the `lostReason` of the cell.
 */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}
