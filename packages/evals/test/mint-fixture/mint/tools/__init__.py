def get_toolset_description(tools):
    return "\n".join(f"Tool: {tool.name}" for tool in tools)
