"""Runs first in a box that a process from outside will enter: hands out the box's namespaces and keeps the box open.

    python -I -S gate.py SOCKET_FD

It ends, and with it the box, when the other end of the socket is closed. What it says after its first message is not
read: by then a student's code runs in the box. Standard library only: the box runs this file by its path.
"""

import os
import socket
import sys

NAMESPACES = ("user", "pid", "net", "ipc", "uts", "cgroup", "mnt")


def main(descriptor: int) -> None:
    """Send the namespaces as open files, then wait until nobody needs the box."""
    channel = socket.socket(fileno=descriptor)
    opened = [os.open(f"/proc/self/ns/{name}", os.O_RDONLY | os.O_CLOEXEC) for name in NAMESPACES]
    socket.send_fds(channel, [b"open"], opened)
    for namespace in opened:
        os.close(namespace)
    channel.recv(1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
