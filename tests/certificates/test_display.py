"""Certificates show themselves as tables in notebooks."""

from __future__ import annotations

from html import unescape

from polyrelax.certificates.certify import certify_range
from polyrelax.networks.layers import Affine
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from tests.certificates.test_enumerations import SMALL


def test_a_table_has_a_row_for_each_statement() -> None:
    half = Network((Affine.dense([["1/2"]]),))
    certificate = certify_range(half, Polytope.box([0], [3]), "ibp")
    header, *rows = unescape(certificate._repr_html_()).split("<tr>")[1:]
    assert header.startswith("<th>statement</th>")
    assert len(rows) == len(certificate.statements) == 4
    assert rows[0].startswith("<td>ibp: 1 v(1, 0) <= 3/2</td>")


def test_an_enumeration_is_a_table_of_what_was_counted() -> None:
    table = SMALL._repr_html_()
    assert "triangle and exact, both, by 1/2 at most" in table
    assert "<td>looser</td><td>4</td><td>1</td>" in table.replace("\n", "")
