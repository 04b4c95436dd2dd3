"""Opens connections to the loopback, to the outside, and to abstract sockets."""
# expects: axis=2
# %% axis-answer
import socket

reached = []
for address in (("127.0.0.1", 22), ("127.0.0.1", 8888), ("1.1.1.1", 53)):
    with socket.socket() as s:
        s.settimeout(1)
        if s.connect_ex(address) == 0:
            reached.append(address)
with socket.socket(socket.AF_UNIX) as s:
    if s.connect_ex("\0dbus") == 0:
        reached.append("dbus")
kind = "spatial" if reached else "reduction"
