"""The programs that the exercises give to be scheduled for a GPU; none of the course's schedules fits them as it is."""
