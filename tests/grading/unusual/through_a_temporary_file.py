"""Writes its result to a file and reads it again."""
# expects: axis=2 double=4 scale=3 split=3
# %% double-answer
import tempfile

def double(x):
    with tempfile.TemporaryFile() as file:
        np.save(file, 2 * x)
        file.seek(0)
        return np.load(file)
