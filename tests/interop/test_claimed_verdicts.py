"""Lists of claimed verdicts: what each line or entry says, or what is wrong with it."""

import pytest

from polyrelax.errors import FormatError
from polyrelax.interop import claimed_verdicts
from polyrelax.interop.claimed_verdicts import Claim, ClaimedVerdict


@pytest.mark.parametrize(
    ("word", "claim"),
    [
        ("unsat", Claim.HOLDS),
        ("verified", Claim.HOLDS),
        ("SAT", Claim.VIOLATED),
        ("falsified", Claim.VIOLATED),
        ("timeout", Claim.NOTHING),
    ],
)
def test_words_of_tools_say_that_a_property_holds_is_violated_or_nothing(
    word: str, claim: Claim
) -> None:
    (found,) = claimed_verdicts.loads(f"acasxu,./onnx/a.onnx.gz,./p.vnnlib,.1,{word},2")
    assert found == ClaimedVerdict(1, "./onnx/a.onnx.gz", "./p.vnnlib", claim, None, "acasxu")
    entry = f'[{{"network": "a.onnx", "property": "p.vnnlib", "verdict": "{word}"}}]'
    assert claimed_verdicts.loads(entry) == (ClaimedVerdict(1, "a.onnx", "p.vnnlib", claim),)


def test_a_line_that_begins_with_its_network_has_no_group() -> None:
    (found,) = claimed_verdicts.loads("a.onnx,p.vnnlib,unsat")
    assert (found.group, found.number) == (None, 1)


def test_a_first_line_of_names_is_no_verdict() -> None:
    (found,) = claimed_verdicts.loads("network,property,result\na.onnx,p.vnnlib,sat\n")
    assert (found.number, found.fault) == (2, None)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a.onnx,p.vnnlib,sat\na.onnx,sat", "line 2: found 'a.onnx,sat', expected a network"),
        ('[{"network": "a.onnx"}]', "[0]: found the key 'network', expected"),
        ('[{"network": 3, "property": "p", "verdict": "sat"}]', "[0].network: found 3"),
        ('[{"network": "a", "property": "p", "verdict": "so"}]', "[0].verdict: found 'so'"),
    ],
)
def test_what_says_none_of_that_is_kept_with_its_fault(text: str, fault: str) -> None:
    found = claimed_verdicts.loads(text)[-1]
    assert found.claim is Claim.NOTHING
    assert found.fault is not None
    assert found.fault.startswith(fault)


@pytest.mark.parametrize("text", ["", "network,property,result", "[]", '{"verdicts": []}'])
def test_a_list_without_verdicts_is_refused(text: str) -> None:
    with pytest.raises(FormatError, match="found no verdicts"):
        claimed_verdicts.loads(text)
