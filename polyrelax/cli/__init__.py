"""The command line; see :mod:`polyrelax.cli.app`.

Importing this package costs little: the rooms that compute are loaded by the verb that
needs them, so that ``polyrelax --help`` answers at once.
"""

from polyrelax.cli.terminal.process import main, run

__all__ = ["main", "run"]
