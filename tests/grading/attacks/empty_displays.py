"""Shows thousands of displays with nothing in them, each of which whoever reads the notebook would have to handle."""
# expects: double=4
# %% double-answer
publish = get_ipython().display_pub.publish
for _ in range(3000):
    publish({})
    publish({"text/html": ""}, transient={"display_id": "one"})

def double(x):
    return 2 * x
