"""Leave the doctests of engines alone whose libraries are not installed."""

from importlib.util import find_spec

_LIBRARIES = {"normaliz": "PyNormaliz", "pplite": "pplite"}

collect_ignore = [
    f"polyrelax/polytopes/engines/{module}.py"
    for module, library in _LIBRARIES.items()
    if find_spec(library) is None
]
