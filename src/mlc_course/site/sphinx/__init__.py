"""What the Sphinx extension adds to pages: anchors, formulas, glossary, course map, reading progress."""
