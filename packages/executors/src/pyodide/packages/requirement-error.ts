/** A requirement that cannot be read or met; the message is for the one who wrote it. */
export class RequirementError extends Error {}
