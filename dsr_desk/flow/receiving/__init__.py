"""What stands behind receiving a request: lists of people, requests that follow from others, more time."""
