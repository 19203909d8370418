"""The parts of the driver for folders of files."""
