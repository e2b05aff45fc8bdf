class ToolPromptTemplate:
    def __init__(self, use_tool):
        assert use_tool

    def __call__(self, max_total_steps, max_propose_solution, tool_desc, in_context_example, task_prompt):
        rules = f'Think in "<thought>", as in <thought> Hm. </thought>. {max_total_steps} steps, {max_propose_solution} solutions.'
        return f"{rules}\n{tool_desc}\n\n---\n\n{in_context_example}\n\n---\n\n{task_prompt}\n"
