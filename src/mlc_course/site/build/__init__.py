"""Building the website: both languages, assembly, the local server."""
