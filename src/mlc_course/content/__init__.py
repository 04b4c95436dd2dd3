"""What the course consists of, read from its sources: pages, settings, languages, reading times, published addresses."""
