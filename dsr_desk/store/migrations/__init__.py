"""The history of the workspace's tables."""
