"""The verb ``check``."""

import subprocess
import sys
from pathlib import Path

import pytest

from polyrelax.certificates import check
from polyrelax.certificates.certify import certify_range
from polyrelax.cli import main
from tests.certificates.cases import PROBLEMS
from tests.certificates.test_enumerations import SMALL


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    path = tmp_path / "tent.json"
    path.write_text(certify_range(*PROBLEMS["tent"], "exact").dumps())
    return path


def test_an_accepted_certificate_says_what_it_proves(
    certificate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(certificate)]) == 0
    assert (
        "accepted: exact: 1 v(5, 0) <= 2; exact: 1 v(5, 0) reaches 2" in capsys.readouterr().out
    )


def test_a_rejected_certificate_says_why(
    certificate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = certificate.read_text()
    certificate.write_text(text.replace('"value": "2"', '"value": "1"'))
    assert main(["check", str(certificate)]) == 1
    assert "rejected: the claim: node" in capsys.readouterr().out


def test_an_enumeration_is_checked_like_any_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "space.json"
    path.write_text(SMALL.dumps())
    assert main(["check", str(path)]) == 0
    assert f"accepted: {SMALL}" in capsys.readouterr().out.replace("\n", "")
    path.write_text(SMALL.dumps().replace('"classes": 6', '"classes": 7'))
    assert main(["check", str(path)]) == 1
    assert "rejected: the claim: all: found [16, 7]" in capsys.readouterr().out


def test_an_unreadable_file_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(tmp_path / "none.json")]) == 2
    streams = capsys.readouterr()
    reason = "none.json: unreadable: no such file or directory\n"
    assert (streams.out, streams.err.endswith(reason)) == ("", True)


def test_the_checker_alone_says_how_it_is_used() -> None:
    alone = [sys.executable, check.__file__]
    ended = subprocess.run(alone, capture_output=True, text=True, check=False)
    usage = "usage: python check.py [--long] FILE...\n"
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", usage)
