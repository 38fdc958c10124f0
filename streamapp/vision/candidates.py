"""From windows that may be faces to faces: grouped, questioned, and refused for a while.

A pattern on the wall that one cascade takes for a face does so in every frame. What was refused
is therefore remembered by place and look, longer each time, and only looked at anew when
something else is there.
"""

from __future__ import annotations

from dataclasses import dataclass

from streamapp.vision.boxes import Boxes, as_boxes, iou, overlap
from streamapp.vision.codec import Image
from streamapp.vision.engines import Engines
from streamapp.vision.following import FACE, likeness
from streamapp.vision.inspection import Box, look, votes

_REFUSE_SECONDS, _REFUSE_LONGEST, _MOST_REFUSED = 2.0, 30.0, 48
_WAIT_SECONDS, _MOST_WAITING = 0.4, 24
_UNCHANGED = 0.85
_EVEN = 0.5


@dataclass
class _Refused:
    box: Box
    template: Image
    until: float
    seconds: float


class Candidates:
    """What was found and not yet decided, and what was refused. Bounded."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Box, float]] = []
        self._refused: list[_Refused] = []

    @property
    def waiting(self) -> int:
        """Places that are still to be questioned."""
        return len(self._waiting)

    def add(self, boxes: Boxes, time: float) -> None:
        """Queue places (xyxy squares) to be questioned; later ones replace those they overlap."""
        fresh = [
            (box, since)
            for box, since in self._waiting
            if time - since <= _WAIT_SECONDS and not _overlaps(box, boxes)
        ]
        self._waiting = ([(box, time) for box in boxes] + fresh)[:_MOST_WAITING]

    def judge(
        self, engines: Engines, gray: Image, known: Boxes, time: float, most: int
    ) -> list[tuple[Box, float]]:
        """Question up to ``most`` waiting places; those with even odds come back, with them.

        Places of ``known`` faces are dropped.
        """
        accepted: list[tuple[Box, float]] = []
        while self._waiting and most > 0:
            box, _ = self._waiting.pop(0)
            taken = as_boxes([*known, *(place for place, _ in accepted)])
            if _is_inside(box, taken) or self._is_refused(gray, box, time):
                continue
            most -= 1
            verdict = votes(engines, gray, box)
            if verdict.confidence < _EVEN:
                self.refuse(gray, box, time)
            elif not _is_inside(verdict.box, taken):
                accepted.append((verdict.box, verdict.confidence))
        return accepted

    def _is_refused(self, gray: Image, box: Box, time: float) -> bool:
        for old in self._refused:
            if time < old.until and _overlaps(box, as_boxes([old.box])):
                return likeness(gray, old.box, old.template) > _UNCHANGED
        return False

    def refuse(self, gray: Image, box: Box, time: float) -> None:
        """Remember that there is no face at ``box`` as long as it looks like that."""
        seconds = _REFUSE_SECONDS
        for old in self._refused:
            if _overlaps(box, as_boxes([old.box])):
                seconds = min(2 * old.seconds, _REFUSE_LONGEST)
        template = look(gray, box, face=FACE, margin=1.0).image
        kept = [old for old in self._refused if not _overlaps(box, as_boxes([old.box]))]
        self._refused = [*kept, _Refused(box, template, time + seconds, seconds)][-_MOST_REFUSED:]


def _overlaps(box: Box, others: Boxes) -> bool:
    return bool((iou(as_boxes([box]), others) > 0.25).any())


def _is_inside(box: Box, faces: Boxes) -> bool:
    """Whether ``box`` is one of the faces, or a part of one taken for a small face."""
    return bool((overlap(as_boxes([box]), faces) > 0.45).any())
