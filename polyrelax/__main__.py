"""``python -m polyrelax`` is the command ``polyrelax``."""

import sys

from polyrelax.cli import run

if __name__ == "__main__":
    sys.exit(run())
