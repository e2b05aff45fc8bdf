"""Tasks of our own in the shape of a MINT checkout."""

TASK_INFO_MAP = {
    "quiz": {"class": "QuizTask", "type": "reasoning"},
    "programs": {"class": "ProgramTask", "type": "code_generation"},
    "garden": {"class": "GardenTask", "type": "decision_making"},
}
