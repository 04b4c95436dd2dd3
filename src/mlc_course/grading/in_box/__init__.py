"""What runs inside a sandbox, beside a student's code or instead of it."""
