# A default, and what differs from it.
# earns: all
answers = dict.fromkeys(["f1", "f2", "f3", "f4", "f5"], "deployment") | {"f1": "development", "f3": "development"}
answers.update({f"t{n}": "different" if n % 2 == 0 else "same" for n in range(1, 6)})
answers.update(a1="tensor program", a2="instructions", a3="graph", a4="library", a5="tensor program", a6="instructions")
