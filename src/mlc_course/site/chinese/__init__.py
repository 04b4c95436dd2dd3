"""What Chinese pages need beside translation: line breaks and the interface's phrases."""
