"""The texts of documents, for every driver that finds documents: ``reading.text_of``."""
