"""How gradients travel through time, and what is done when they do not.

``jacobians`` computes exactly how a late state depends on an early one, for the
cells of ``workshop_utils.cells``; ``clipping`` holds what belongs to the size of a
gradient. All in NumPy; only ``autodiff_jacobian`` loads TensorFlow.
"""

from workshop_utils.gradients.clipping import (
    cliff_error,
    cliff_gradient,
    clip_by_norm,
    descend,
    fixed_point,
)
from workshop_utils.gradients.jacobians import (
    autodiff_jacobian,
    direct_path,
    norms_by_lag,
    step_jacobians,
    through_time,
)

__all__ = [
    "autodiff_jacobian",
    "cliff_error",
    "cliff_gradient",
    "clip_by_norm",
    "descend",
    "direct_path",
    "fixed_point",
    "norms_by_lag",
    "step_jacobians",
    "through_time",
]
