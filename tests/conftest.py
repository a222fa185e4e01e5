"""What all tests share: Hypothesis profiles and the folder of published data."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("dev", max_examples=25, deadline=None)
settings.register_profile("ci", max_examples=25, deadline=None, derandomize=True)
settings.register_profile("nightly", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

_BESIDE_REPOSITORY = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of published networks and polytopes, which is not part of the repository."""
    folder = Path(os.environ.get("POLYRELAX_DATA", _BESIDE_REPOSITORY))
    if not folder.is_dir():
        pytest.skip(f"no data at {folder}; set POLYRELAX_DATA to their folder")
    return folder
