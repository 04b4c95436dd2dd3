"""Ends with errors whose names, messages and lines of source are markup."""
# expects: double=0
# %% double-answer
raise type("</pre><script>alert(1)</script>", (Exception,), {})("<img src=x onerror=alert(1)>")
