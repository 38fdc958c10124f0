"""The API and its description agree: schemathesis asks what is described and what is not."""

from __future__ import annotations

import io
import os

import pytest
import schemathesis
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.web.conftest import make_app


def _picture(format_: str, colour: int) -> bytes:
    file = io.BytesIO()
    Image.new("L", (32, 24), colour).save(file, format_)
    return file.getvalue()


PICTURES = st.builds(_picture, st.sampled_from(["JPEG", "PNG"]), st.integers(0, 255))
for media_type in ("image/jpeg", "image/png"):
    schemathesis.openapi.media_type(media_type, PICTURES)


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> schemathesis.BaseSchema:
    app = make_app(tmp_path_factory.mktemp("schemathesis"), UPLOADS_PER_MINUTE=100_000)
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)


# SCHEMATHESIS_EXAMPLES=2000 searches longer, and by chance.
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "40"))
OPERATIONS = (
    "GET /api/v1/images",
    "POST /api/v1/images",
    "GET /api/v1/images.csv",
    "GET /api/v1/images.zip",
    "GET /api/v1/images/{image_id}",
    "DELETE /api/v1/images/{image_id}",
    "GET /api/v1/images/{image_id}/original",
    "GET /api/v1/images/{image_id}/annotated",
    "GET /api/v1/images/{image_id}/thumbnail",
    "GET /api/v1/openapi.json",
    "GET /api/v1/sessions",
    "GET /api/v1/sessions/{session_id}",
    "PATCH /api/v1/sessions/{session_id}",
    "DELETE /api/v1/sessions/{session_id}",
    "GET /api/v1/sessions/{session_id}/counts.csv",
    "GET /api/v1/sessions/{session_id}/counts.json",
)


GOOD, BAD = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
CASES = [
    (label, mode)
    for label in OPERATIONS
    for mode in (GOOD, BAD)
    if (label, mode) != ("GET /api/v1/openapi.json", BAD)  # it takes nothing that could be wrong
]


def test_every_operation_is_asked(api: schemathesis.BaseSchema) -> None:
    paths = api.raw_schema["paths"]
    described = [f"{method.upper()} {path}" for path in paths for method in paths[path]]
    assert sorted(described) == sorted(OPERATIONS)


@pytest.mark.parametrize(
    ("label", "mode"), CASES, ids=[f"{case[0]} {case[1].value}" for case in CASES]
)
def test_an_operation_answers_as_described(
    api: schemathesis.BaseSchema, label: str, mode: schemathesis.GenerationMode
) -> None:
    method, path = label.split()
    cases = api[path][method].as_strategy(generation_mode=mode)

    @settings(max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES <= 40)
    @given(cases)
    def ask(case: schemathesis.Case) -> None:
        if mode is GOOD and case.query:
            case.query.pop("before", None)  # an id is good only if it is of one's own image
        case.call_and_validate()

    ask()
