"""Auto-tuning: spaces of schedules, searches over them, and MetaSchedule.

* ``space``: stochastic schedules and the postprocessors that finish them.
* ``decisions``: the random choices in a trace: list, replay, mutate.
* ``nests``: what loops touch, the facts that cost and features are computed from.
* ``simulated``: a deterministic cost computed from the schedule, for searches without measurement.
* ``measure``: seconds on this machine, checked against the unscheduled program first.
* ``cost_model``: features of a schedule, and regression on them.
* ``search``: random search and evolutionary search, written out.
* ``metaschedule``: TVM's own search for one function and for all functions of a model.
* ``records``: tuned traces as JSON, and their application to a whole model.
* ``rpc``: tracker and server, so that another machine, or this one, measures.
* ``workloads``: the programs the course tunes; ``exercise_inputs``: material of the exercises.
* ``tune``: ``python -m mlc_ref.auto_tuning.tune`` writes the shipped records anew.
"""
