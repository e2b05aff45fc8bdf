class StepOutput:
    def __init__(self, observation=None, success=False, turn_info=None):
        self.observation = observation
        self.success = success
        self.turn_info = turn_info

    def to_str(self):
        text = f"Observation:\n{self.observation or 'That is not it.'}\n"
        if self.turn_info is not None:
            text += "{} steps and {} solutions left.\n".format(*self.turn_info)
            if self.turn_info[0] <= 1:
                text += "Now solve it.\n"
        return text
