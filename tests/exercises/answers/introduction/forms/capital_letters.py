# Choices written with capital letters.
# loses: form,abstraction,equivalence
answers = {}
answers = {
    "f1": "Development", "f2": "deployment", "f3": "development", "f4": "deployment", "f5": "deployment",
    "a1": "tensor program", "a2": "instructions", "a3": "Graph", "a4": "library", "a5": "tensor program",
    "a6": "instructions",
    "t1": "Same", "t2": "different", "t3": "same", "t4": "different", "t5": "same",
}
