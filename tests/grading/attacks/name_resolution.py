"""Looks an address up."""
# expects: axis=2
# %% axis-answer
import socket

try:
    socket.getaddrinfo("example.org", 80)
    kind = "spatial"
except OSError:
    kind = "reduction"
