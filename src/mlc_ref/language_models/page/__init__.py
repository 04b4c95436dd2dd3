"""The decoder as one artefact a step, for the reader's own GPU: weights in 8 bits, and the loop over words on the device."""

from mlc_ref.language_models.page.step import step_artefact, step_module

__all__ = ["step_artefact", "step_module"]
