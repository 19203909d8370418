"""Datasets of fides (the open-source privacy engine) as catalog files, and back, without loss.

What the catalog has words for becomes catalog (categories, identities, references, masking, keys, nested fields); what it has none
for is kept under ``fides:`` and written out again as it came. Both ways work on plain data: ``meaning`` on one field,
``importing`` and ``exporting`` on a whole dataset.
"""
