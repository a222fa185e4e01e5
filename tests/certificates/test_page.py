"""The page on certificates shows a valid one."""

import json
import re
from pathlib import Path

from polyrelax.certificates.check import check

PAGE = Path(__file__).parents[2] / "docs" / "certificates.md"


def test_the_example_on_the_page_is_accepted() -> None:
    [example] = re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert check(example) == "exact: 1 v(3, 0) <= 2; triangle: 1 v(3, 0) reaches 3"
    assert len(example.splitlines()) <= 40  # it fits on a screen
    assert json.loads(example)["format"] == "polyrelax-certificate/1"


def test_the_page_describes_every_kind_of_node() -> None:
    page = PAGE.read_text(encoding="utf-8")
    kinds = (
        "linear",
        "cases",
        "interval",
        "run",
        "point",
        "windows",
        "between",
        "range",
        "boxes",
        "hull",
        "functional",
        "pairs",
        "gradients",
        "cite",
    )
    assert [kind for kind in kinds if f"\n`{kind}`\n:" not in page] == []
