"""TVMScript of the tensorization chapter: the programs, and descriptions and implementations of instructions."""
