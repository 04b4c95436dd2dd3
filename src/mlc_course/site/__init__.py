"""The course's website: Sphinx extension, figures, assembly of both languages."""
