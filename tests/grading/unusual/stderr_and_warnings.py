"""Warnings, logs and native output on standard error."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
import logging, os, sys, warnings
warnings.warn("careful")
logging.getLogger().error("an error that is none")
os.write(2, b"from native code\n")

def double(x):
    warnings.warn("again")
    print("working", file=sys.stderr)
    return 2 * x
