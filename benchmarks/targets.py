"""Run every table that has targets, and print line by line: figure, target, met or missed.

    python benchmarks/targets.py --data DIR [--quick] [NAME]...

or ``make bench`` and ``make bench-quick``.  Peers that are not installed are left out, and
lines whose data or only peer is missing are not run, and say so.  Seconds are those of the
processor.
The exit status is 1 if a line missed its target.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from lines import HEAD, Lines, Setting

SCRIPTS = (
    "start_up",
    "engine_costs",
    "side_by_side",
    "questions",
    "certificates",
    "ranges",
    "real_networks",
    "deep_network",
    "search",
)


def main() -> int:
    """Print a line for each target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--quick", action="store_true", help="in about five minutes")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SCRIPTS))
    options = parser.parse_args()
    if others := set(options.names).difference(SCRIPTS):
        parser.error(f"found {', '.join(others)}, expected some of {', '.join(SCRIPTS)}")
    setting, missed = Setting(options.data, options.quick), 0
    for name in options.names or SCRIPTS:
        lines: Lines = importlib.import_module(name).lines
        start = time.monotonic()
        print(f"\n{name}\n\n{HEAD}", flush=True)
        for line in lines(setting):
            print(line, flush=True)
            missed += "missed" in line.verdict
        print(f"\n{time.monotonic() - start:.0f} s by the clock", flush=True)
    print(f"\n{missed} targets missed")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
