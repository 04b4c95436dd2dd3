"""Answers whose values, names and messages stand in the report as markup."""
# expects: axis=0 double=0
# %% axis-answer
kind = "</td></tr></table><script>alert(1)</script><table class='score' id='axis'>\x1b[31m\u202e"
# %% double-answer
def double(x):
    raise ValueError("</td></table><img src=x onerror=alert(1)><a href='javascript:alert(1)'>open</a>")
