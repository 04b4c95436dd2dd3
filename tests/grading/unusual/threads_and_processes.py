"""Uses a thread pool and a subprocess, within the limits."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
import subprocess, sys
from concurrent.futures import ThreadPoolExecutor
assert subprocess.run([sys.executable, "-c", "print(1)"], capture_output=True, text=True).stdout == "1\n"

def double(x):
    with ThreadPoolExecutor(2) as pool:
        return np.stack(list(pool.map(lambda v: v + v, x)))
