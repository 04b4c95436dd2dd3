"""Displays HTML, scripts, SVG, Markdown and formulas, some of them as pictures."""
# expects: axis=0
# %% axis-answer
from IPython.display import HTML, SVG, Image, Javascript, Latex, Markdown, display

kind = "spatial"
run = "<script>alert(1)</script>"
svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>" + run + "</svg>"
for shown in (HTML(run), Javascript("alert(1)"), Latex(r"$\href{javascript:alert(1)}{x}$"), Markdown("[x](javascript:alert(1))"), SVG(svg)):
    display(shown)
for mime in ("image/png", "image/jpeg", "image/svg+xml", "image/png\" onerror=\"alert(1)", "application/pdf", "text/vnd.mermaid"):
    display({mime: "\"><img src=x onerror=alert(1)>", "text/plain": run}, raw=True)
    display({mime: "PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="}, raw=True, metadata={mime: {"width": "1\" onload=\"alert(1)"}})
display(Image(url="https://evil.example.org/a.png"))
display({"application/vnd.jupyter.widget-view+json": {"model_id": run}, "application/vnd.jupyter.es6-rich-output": run}, raw=True)
