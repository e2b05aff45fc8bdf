"""Reads a JSON list of [function name, stub] and says what Python makes of each stub."""

import ast
import inspect
import json
import sys
import types
import typing



def shape(tree):
    function = tree.body[-1]
    arguments = function.args
    names = [argument.arg for argument in arguments.args]
    defaults = [ast.literal_eval(node) for node in arguments.defaults]
    others = (
        arguments.posonlyargs
        or arguments.kwonlyargs
        or arguments.vararg
        or arguments.kwarg
        or function.decorator_list
    )
    return {
        "kinds": sorted({type(node).__name__ for node in tree.body}),
        "last": type(function).__name__,
        "name": function.name,
        "names": names,
        "defaults": defaults,
        "others": bool(others),
        "body": [
            type(node.value).__name__ + ":" + type(getattr(node.value, "value", None)).__name__
            for node in function.body
        ],
        "doc": function.body[0].value.value,
    }


def inspect_stub(index, name, stub):
    tree = ast.parse(stub, feature_version=(3, 9))
    module = types.ModuleType("stub_%d" % index)
    # TypedDict finds the names of its fields by the module of the class.
    sys.modules[module.__name__] = module
    exec(compile(stub, module.__name__, "exec"), module.__dict__)
    function = getattr(module, name)
    typed_dicts = {
        key: {"required": sorted(value.__required_keys__), "optional": sorted(value.__optional_keys__)}
        for key, value in vars(module).items()
        if isinstance(value, type) and hasattr(value, "__required_keys__")
    }
    for key in typed_dicts:
        typing.get_type_hints(vars(module)[key])
    return {
        "parameters": list(inspect.signature(function).parameters),
        "hints": sorted(typing.get_type_hints(function)),
        "typedDicts": typed_dicts,
        **shape(tree),
    }


results = []
for index, (name, stub) in enumerate(json.load(sys.stdin)):
    try:
        results.append(inspect_stub(index, name, stub))
    except Exception as error:
        results.append({"error": "%s: %s" % (type(error).__name__, error)})
json.dump(results, sys.stdout)
