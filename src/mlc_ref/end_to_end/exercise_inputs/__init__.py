"""Material of the exercises; nothing here solves one.

``programs`` holds modules a learner starts from, ``scorers`` makes modules of any size to be deployed.
"""
