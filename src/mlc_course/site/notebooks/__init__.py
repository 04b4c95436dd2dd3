"""The notebooks readers download."""
