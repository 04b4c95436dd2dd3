"""Tries to lift its own limits."""
# expects: axis=2
# %% axis-answer
import resource

lifted = []
for name in (resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE, resource.RLIMIT_CPU):
    try:
        resource.setrlimit(name, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        lifted.append(name)
    except (ValueError, OSError):
        continue
kind = "spatial" if lifted else "reduction"
