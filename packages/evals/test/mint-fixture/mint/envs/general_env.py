import a_simulator_that_is_not_there  # noqa: F401

INVALID_INPUT_MESSAGE = "Neither code " "nor a solution.\n"
