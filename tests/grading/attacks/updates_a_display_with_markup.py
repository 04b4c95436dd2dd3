"""Shows a harmless text and puts markup in its place afterwards."""
# expects: axis=0
# %% axis-answer
from IPython.display import HTML, display

kind = "spatial"
handle = display("nothing to see", display_id="note")
handle.update(HTML("<iframe srcdoc='<script>alert(1)</script>'></iframe><h1>axis: 2/2</h1>"))
