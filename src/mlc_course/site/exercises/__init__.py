"""The pages of the exercise sets."""
