"""Replaces what the kernel does with an execution request by a reply that says all is well."""
# expects: axis=0 double=0
# %% axis-answer
kernel = get_ipython().kernel
async def pretend(*a, **k):
    return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}
type(kernel).do_execute = pretend
kind = "spatial"
