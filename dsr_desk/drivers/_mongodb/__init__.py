"""MongoDB: its types as plain values, questions as filters, and the condition under which a document is written."""
