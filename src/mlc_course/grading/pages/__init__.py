"""The pages an instructor opens: feedback and formgrader, made of sanitised HTML."""
