"""The parts of the driver for object stores."""
