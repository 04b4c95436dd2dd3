"""The course as a PDF book."""
