"""What a picture is in this package."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
"""Shape (H, W) grey or (H, W, 3) BGR."""
