"""From one notebook to a result: run it, have each item judged, collect reports."""
