"""Prints what terminals take as links, titles, colours and pictures, with markup between."""
# expects: axis=0
# %% axis-answer
kind = "spatial"
print("\x1b]8;;javascript:alert(1)\x07open\x1b]8;;\x07 \x1b]0;19/19\x07 \x1b]1337;File=inline=1:PHNjcmlwdD4=\x07")
print("\x1b[31m<img src=x onerror=alert(1)>\x1b[0m \x1b[38;2;1;2;3;\"onmouseover=alert(1)//m x \x1bP<script>alert(1)</script>\x1b\\")
print("\x1b[2J\x1b[H\x1bc\x9b2J \u202e91/91\u202c \x00 \x08\x08 </pre><script>alert(1)</script>")
