# One question left out.
# loses: abstraction
answers = {}
answers = {
    "f1": "development", "f2": "deployment", "f3": "development", "f4": "deployment", "f5": "deployment",
    "a1": "tensor program", "a2": "instructions", "a3": "graph", "a4": "library", "a5": "tensor program",
    "t1": "same", "t2": "different", "t3": "same", "t4": "different", "t5": "same",
}
