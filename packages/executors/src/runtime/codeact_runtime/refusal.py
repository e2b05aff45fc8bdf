"""What the supervisor cannot do for the host."""


class Refusal(RuntimeError):
    """The machine refuses something that was asked for; the message says what, and why."""
