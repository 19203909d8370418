"""For all tests: windows are drawn into memory, so that two workers don't fight for the keyboard of one screen."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
