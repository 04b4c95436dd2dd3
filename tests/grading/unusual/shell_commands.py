"""Installs what it believes to be missing, and looks at the machine."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
!pip install numpy
%pip install numpy
!ls /
def double(x):
    return 2 * x
