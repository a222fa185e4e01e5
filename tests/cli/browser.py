"""Pages as a browser sees them, and their tables."""

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
needs_browser = pytest.mark.skipif(BROWSER is None, reason="found no chromium")


@dataclass(frozen=True)
class Rendered:
    """What is on the page once it has been loaded, and what the browser complained of."""

    html: str
    errors: list[str]


def rendered(page: Path) -> Rendered:
    """Open a page in a browser without a screen and without a network."""
    home = page.parent
    command = [
        str(BROWSER),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--enable-logging=stderr",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        f"--user-data-dir={home / 'profile'}",
        "--dump-dom",
        page.as_uri(),
    ]
    environment = {**os.environ, "HOME": str(home)}
    run = subprocess.run(
        command, capture_output=True, check=True, env=environment, text=True, timeout=60
    )
    return Rendered(run.stdout, [x for x in run.stderr.splitlines() if ":CONSOLE" in x])


@dataclass
class Section:
    """The table below a heading."""

    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


def sections(html: str) -> dict[str, Section]:
    """Return the tables of a page by the heading above each."""
    reader = _Reader()
    reader.feed(html)
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, Section] = {}
        self._heading = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        if tag in {"h2", "h3", "th", "td"}:
            self._text = []
        if tag == "table":
            self.found[self._heading] = Section()
        if tag == "tr":
            self.found[self._heading].rows.append([])

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        text = "".join(self._text)
        if tag in {"h2", "h3"}:
            self._heading = text
        if tag == "th":
            self.found[self._heading].header.append(text)
        if tag == "td":
            self.found[self._heading].rows[-1].append(text)
        if tag == "tr" and not self.found[self._heading].rows[-1]:
            self.found[self._heading].rows.pop()
