"""What a student's process or file may hand over: read and checked in pure Python, before anything loads it."""
