"""Where OpenCV has no cascades, as 5.0: YuNet looks where a cascade would have.

Live counting follows known faces by cascades on small cut-outs; the network does the same there
for more CPU (docs/runtime.md).
"""

from __future__ import annotations

import numpy as np

from streamapp.vision.boxes import Boxes, square_from_face
from streamapp.vision.cascade import Cascade
from streamapp.vision.codec import Image
from streamapp.vision.yunet import YuNet

# Of a cascade's windows, one by itself may be chance and two around one place are not.
_WINDOWS = 2


class NetworkCascade(Cascade):
    """YuNet with the face of a `Cascade`. Not thread safe."""

    def __init__(self, network: YuNet) -> None:
        self._network = network

    def find(
        self,
        gray: Image,
        smallest: float = 0,
        largest: float = 0,
        factor: float = 1.1,  # noqa: ARG002  # the network knows all sizes at once
        neighbors: int = 3,
    ) -> Boxes:
        """See Cascade; with ``neighbors`` 0 each face comes as more than one window."""
        found = square_from_face(self._network.detect(np.dstack([gray] * 3)).xyxy)
        side = found[:, 2] - found[:, 0]
        found = found[(side >= smallest) & ((side <= largest) | (largest == 0))]
        return found if neighbors else np.repeat(found, _WINDOWS, axis=0)
