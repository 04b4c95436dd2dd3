"""Never returns, and ignores interrupts."""
# expects: axis=2 double=0
# %% double-answer
def double(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue
# %% axis-answer
kind = "reduction"
