"""The nouns: frozen dataclasses, and pure functions over them."""
