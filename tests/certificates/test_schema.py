"""The JSON schema of the format: what is certified follows it."""

import json
from pathlib import Path

import pytest

import polyrelax.certificates
from polyrelax.certificates.check import FORMAT
from tests.certificates.cases import samples
from tests.certificates.test_enumerations import SMALL

SCHEMA = Path(polyrelax.certificates.__file__).parent / "schema-1.json"


def test_the_schema_is_of_this_format() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert schema["title"] == schema["properties"]["format"]["const"] == FORMAT


def test_certificates_follow_the_schema() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    texts = [*(sample.dumps() for sample in samples()), SMALL.dumps()]
    documents = [json.loads(text) for text in texts]
    assert [list(validator.iter_errors(document)) for document in documents] == [[]] * len(
        documents
    )
    for document in (documents[0], documents[-1]):
        assert list(validator.iter_errors({**document, "note": "x"})) != []
