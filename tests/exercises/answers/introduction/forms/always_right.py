# The words of the wrong group in one place.
# loses: form
answers = {}
answers = {
    "f1": "development", "f2": "deployment", "f3": "deployment", "f4": "deployment", "f5": "deployment",
    "a1": "tensor program", "a2": "instructions", "a3": "graph", "a4": "library", "a5": "tensor program",
    "a6": "instructions",
    "t1": "same", "t2": "different", "t3": "same", "t4": "different", "t5": "same",
}
