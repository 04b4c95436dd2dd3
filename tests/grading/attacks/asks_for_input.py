"""Waits for input from whoever runs it, and asks through the kernel's own channel as well."""
# expects: axis=2 double=0
# %% axis-answer
kind = "reduction"
# %% double-answer
import sys

sys.stdin = open(0)
try:
    input("password: ")
except Exception:
    pass
get_ipython().kernel._allow_stdin = True
try:
    get_ipython().kernel.raw_input("password: ")
except BaseException:
    pass
double = 1
