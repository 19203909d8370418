"""Wires the program together: ``workspaces`` makes and opens them, ``window`` shows them. Loading this loads neither."""
