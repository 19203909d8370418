"""``python -m dsr_desk`` and the ``dsr-desk`` command."""

from __future__ import annotations

import os
import sys
import threading


def main() -> int:
    """Run the command line; without a command it opens the window."""
    import multiprocessing

    multiprocessing.freeze_support()
    from dsr_desk.cli import run

    code = run(sys.argv[1:])
    if any(thread.name.startswith("system-") for thread in threading.enumerate()):
        # A search gave a system up that never answers. Python would wait for its thread, which may never come back.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


if __name__ == "__main__":
    sys.exit(main())
