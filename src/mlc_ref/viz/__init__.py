"""Pictures of the course: a small SVG drawing board, and pictures computed from the IR itself."""
