"""The JSON schema of the format: what is certified follows it."""

import json
from pathlib import Path

import pytest

import polyrelax.certificates
from polyrelax.certificates.check import FORMAT
from tests.certificates.cases import samples

SCHEMA = Path(polyrelax.certificates.__file__).parent / "schema-1.json"


def test_the_schema_is_of_this_format() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert schema["title"] == schema["properties"]["format"]["const"] == FORMAT


def test_certificates_follow_the_schema() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    documents = [json.loads(sample.dumps()) for sample in samples()]
    assert [list(validator.iter_errors(document)) for document in documents] == [[]] * len(
        documents
    )
    assert list(validator.iter_errors({**documents[0], "note": "x"})) != []
