"""The program as its own process: pipes, start-up, ONNX files of other makers."""

import subprocess
import sys
from pathlib import Path

PROGRAM = [sys.executable, "-c", "import sys; from polyrelax.cli import main; sys.exit(main())"]


def test_a_reader_that_leaves_is_no_reason_to_complain(tmp_path: Path) -> None:
    path = tmp_path / "cube.json"
    path.write_text('{"lower": ["0", "0"], "upper": ["1", "1"]}')
    command = [*PROGRAM, "hull", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_help_loads_no_room_that_computes() -> None:
    script = (
        "import sys; from polyrelax.cli import main; main(['--help']);"
        "print(sorted(set(sys.modules) & {'numpy', 'highspy', 'flint', 'cdd', 'networkx',"
        " 'numba', 'onnx', 'sympy', 'matplotlib', 'polyrelax.polytopes'}))"
    )
    finished = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert finished.stdout.endswith("\n[]\n")
    assert finished.stderr == ""
