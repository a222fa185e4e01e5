"""Leave the doctests of modules alone whose libraries are not installed."""

from importlib.util import find_spec

_LIBRARIES = {
    "polyrelax/interop/pandas.py": "pandas",
    "polyrelax/interop/scikit_learn.py": "sklearn",
    "polyrelax/interop/torch.py": "torch",
    "polyrelax/polytopes/engines/normaliz.py": "PyNormaliz",
    "polyrelax/polytopes/engines/pplite.py": "pplite",
    "polyrelax/search/cluster.py": "distributed",
} | {
    f"polyrelax/training/{name}.py": "torch"
    for name in (
        "descent",
        "distances",
        "families",
        "losses",
        "norm_bounded_nets",
        "rectified_nets",
        "sort_nets",
        "tensors",
    )
}

collect_ignore = [path for path, library in _LIBRARIES.items() if find_spec(library) is None]
