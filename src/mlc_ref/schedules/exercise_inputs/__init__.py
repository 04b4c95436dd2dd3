"""What the exercises of the schedules chapter start from: ``programs``, to be scheduled, every loop serial."""
