"""Magics of the notebook."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
%time 1 + 1
!true

def double(x):
    return 2 * x
