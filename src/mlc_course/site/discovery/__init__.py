"""How pages are found and shared: languages of a page, sitemap, share cards."""
