"""``python -m dsr_desk`` and the ``dsr-desk`` command."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; without a command it opens the window."""
    import multiprocessing

    multiprocessing.freeze_support()
    from dsr_desk.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
