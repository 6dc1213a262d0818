"""The taxonomy loads, derives judgements by its rule, and a typo in it is one clear line."""

import shutil
from collections import Counter
from collections.abc import Callable
from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate import resources, taxonomy
from annotate.errors import InvalidFile, UsageError
from annotate.marker import Example
from annotate.taxonomy import Taxonomy

TIER_1 = (
    "unnamed_source",
    "vague_collective_source",
    "named_attribution",
    "agentless_attribution",
    "speculative_attribution",
    "certainty_escalation",
    "motive_imputation",
    "acknowledged_uncertainty",
)
TIER_2 = {
    "opaque_evidence",
    "unattributed_claim",
    "attribution_drift",
    "presupposed_claim",
    "insinuation_by_juxtaposition",
    "unsupported_inference",
    "insinuating_question",
    "threat_amplification",
    "loaded_language",
    "contentious_label",
    "first_hand_basis",
    "identified_evidence",
}
MARKERS = taxonomy.load()


def test_markers_of_both_tiers() -> None:
    """Tier 1 comes first, in the order of families and keys; all twenty markers are there."""
    assert MARKERS.names[:8] == TIER_1
    assert set(MARKERS.names[8:]) == TIER_2
    assert MARKERS.tier(1).names == TIER_1
    assert MARKERS.tier(2) == MARKERS


def test_frame_has_all_rules() -> None:
    """Eight boundaries, twelve hard cases, the voices and confidences of the model."""
    frame = MARKERS.frame
    assert (len(frame.boundaries), len(frame.hard_cases)) == (8, 12)
    assert [item.value for item in frame.voices] == ["reporter", "quoted_source", "headline"]
    assert [item.value for item in frame.confidences] == ["3", "2", "1"]
    (response,) = frame.document_attributes
    assert [item.value for item in response.values] == ["yes", "no", "not_applicable"]


def sourcing_oracle(*, reason: str, basis: str, specificity: str, corroboration: str) -> str:
    """Give the judgement as the design's table reads, written without the package."""
    knows = basis == "first_hand" or basis == "documents"  # noqa: PLR1714 - one line a cell
    risk = reason == "explicit_specific" or reason == "inferable"  # noqa: PLR1714
    if risk and knows and int(specificity) >= 2:
        return "protected_source"
    bare = reason == "formula_only" or reason == "none"  # noqa: PLR1714
    alone = corroboration == "same_source_only" or corroboration == "none"  # noqa: PLR1714
    if bare and not knows and alone:
        return "unverifiable_anonymous_source"
    return "unresolved_anonymous_source"


REASONS = ("explicit_specific", "explicit_generic", "inferable", "formula_only", "none")
BASES = ("first_hand", "documents", "position_only", "hearsay", "unstated")
CORROBORATIONS = ("independent_named", "independent_unnamed", "same_source_only", "none")


def test_sourcing_truth_table() -> None:
    """All 500 combinations of the inputs give what the oracle gives."""
    counts: Counter[str] = Counter()
    for reason, basis, specificity, other in product(REASONS, BASES, "01234", CORROBORATIONS):
        attributes = {
            "reason_for_anonymity": reason,
            "basis_of_knowledge": basis,
            "specificity": specificity,
            "corroboration": other,
        }
        expected = sourcing_oracle(
            reason=reason, basis=basis, specificity=specificity, corroboration=other
        )
        assert MARKERS.judge("unnamed_source", attributes) == expected
        counts[expected] += 1
    # protected: 2 reasons x 2 bases x 3 x 4; unverifiable: 2 x 3 x 5 x 2; the rest of 500.
    assert counts == {
        "protected_source": 48,
        "unverifiable_anonymous_source": 60,
        "unresolved_anonymous_source": 392,
    }


def test_unknown_input_gives_no_judgement() -> None:
    """With any input missing there is no judgement, whatever the others are."""
    (derivation,) = MARKERS.derivations
    assert (derivation.name, derivation.version) == ("sourcing", 1)
    example = MARKERS.marker("unnamed_source").examples[0]
    for size in range(1, len(derivation.inputs) + 1):
        for missing in combinations(derivation.inputs, size):
            known = {key: value for key, value in example.attributes.items() if key not in missing}
            assert derivation.judge(known) is None


@given(
    st.sampled_from(MARKERS.marker("unnamed_source").examples),
    st.sampled_from(["none_apparent", "party_to_dispute", "official_line", "rival", None]),
    st.sampled_from(["low", "wrongdoing", "violence_or_crime", "covert_state_action", None]),
)
def test_rule_ignores_interest_and_stakes(
    example: Example, interest: str | None, stakes: str | None
) -> None:
    """Interest and stakes never change a judgement, known or not."""
    given = {"interest": interest, "claim_stakes": stakes}
    attributes = {key: value for key, value in example.attributes.items() if key not in given}
    attributes |= {key: value for key, value in given.items() if value is not None}
    assert MARKERS.judge("unnamed_source", attributes) == example.judgement


def test_marker_without_derivation_has_no_judgement() -> None:
    """Only a marker with a derivation gets a judgement."""
    assert MARKERS.judge("named_attribution", {"form": "full"}) is None


def test_selection_keeps_order_and_derivations() -> None:
    """A selection keeps the taxonomy's order and drops the derivations of what is left out."""
    chosen = MARKERS.select(("acknowledged_uncertainty", "vague_collective_source"))
    assert chosen.names == ("vague_collective_source", "acknowledged_uncertainty")
    assert chosen.derivations == ()
    assert MARKERS.select(("unnamed_source",)).derivations == MARKERS.derivations


def test_unknown_marker_lists_the_legal_ones() -> None:
    """Asking for a marker that is not there names the nearest and all legal ones."""
    with pytest.raises(
        UsageError, match=r"did you mean unnamed_source\?.*legal: .*opaque"
    ) as caught:
        MARKERS.select(("unamed_source",))
    assert caught.value.exit_code == 2


@pytest.fixture
def load_changed(tmp_path: Path) -> Callable[[str, str, str], Taxonomy]:
    """Load a copy of the schemas in which one text of one file is replaced, once."""
    folder = tmp_path / "schemas"
    shutil.copytree(resources.schemas(), folder)

    def change(file: str, old: str, new: str) -> Taxonomy:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return taxonomy.load(folder)

    return change


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        pytest.param(
            "markers/unnamed_source.yaml", "family: sources", "family: souces",
            ("family", "did you mean sources?", "legal: sources, cues, claims"), id="family",
        ),
        pytest.param(
            "markers/unnamed_source.yaml", "reason_for_anonymity: explicit_specific,",
            "reason_for_anonymity: inferrable,",
            ("examples[", "].attributes.reason_for_anonymity", "did you mean inferable?",
             "legal: none, formula_only, explicit_generic, explicit_specific, inferable"),
            id="value of an example",
        ),
        pytest.param(
            "markers/unnamed_source.yaml", "default: no_name", "default: nameless",
            ("attributes[0].default", "legal: no_name, pseudonym, first_name_only"), id="default",
        ),
        pytest.param(
            "markers/unnamed_source.yaml", "hard_negatives:", "hard_negative:",
            ('key "hard_negative" is not known', "did you mean hard_negatives?",
             'key "hard_negatives" is missing'),
            id="key",
        ),
        pytest.param(
            "markers/named_attribution.yaml", "tier: 1", "tier: one",
            ("tier", "legal: 1, 2"), id="tier",
        ),
        pytest.param(
            "markers/named_attribution.yaml", "unit: noun_phrase", "unit: nounphrase",
            ("span.unit", "did you mean noun_phrase?", "legal: clause, cue, noun_phrase"),
            id="unit",
        ),
        pytest.param(
            "markers/named_attribution.yaml", "marker: named_attribution", "marker: named",
            ("marker", "named_attribution"), id="file name",
        ),
        pytest.param(
            "markers/named_attribution.yaml", '"#15803d"', "green", ("colour",), id="colour",
        ),
        pytest.param(
            "markers/loaded_language.yaml", "relation: narrower", "relation: smaller",
            ("mapping[0].relation", "legal: broader, exact, narrower, none, related"),
            id="relation",
        ),
        pytest.param(
            "markers/loaded_language.yaml", "definition: ", "definition: [",
            ("line ",), id="broken YAML",
        ),
        pytest.param(
            "derivations/sourcing.yaml", "[first_hand, documents]", "[firsthand, documents]",
            ("rules[0].when.basis_of_knowledge", "did you mean first_hand?",
             "legal: unstated, first_hand, documents, position_only, hearsay"),
            id="value of a rule",
        ),
        pytest.param(
            "derivations/sourcing.yaml", "marker: unnamed_source", "marker: unamed_source",
            ("marker", "did you mean unnamed_source?"), id="marker of a rule",
        ),
        pytest.param(
            "derivations/sourcing.yaml", "gives: protected_source", "gives: protected",
            ("judgements", "legal: protected_source, unverifiable"), id="judgement of a rule",
        ),
        pytest.param(
            "taxonomy.yaml", "principles:", "principle:",
            ('key "principle" is not known', "did you mean principles?"), id="key of the frame",
        ),
    ],
)  # fmt: skip
def test_typo_is_one_line(
    load_changed: Callable[[str, str, str], Taxonomy],
    file: str,
    old: str,
    new: str,
    says: tuple[str, ...],
) -> None:
    """A typo is one line that names the file, the path in it and the legal values."""
    with pytest.raises(InvalidFile) as caught:
        load_changed(file, old, new)
    line = str(caught.value)
    assert line.startswith(f"{file}: ")
    assert "\n" not in line
    for part in says:
        assert part in line


def test_a_retired_rule_does_not_count() -> None:
    """Every other rule does, and candidates that are asked for can be retired too."""
    marker = MARKERS.marker("unnamed_source")
    first = marker.patterns[0]
    retired = MARKERS.retire([taxonomy.rule_name(marker.marker, first.name)])
    assert [it for it in marker.patterns if not retired.counts(marker, it)] == [first]
    asked = MARKERS.with_candidates(["unattributed_claim"])
    claim = asked.marker("unattributed_claim")
    names = [taxonomy.rule_name(claim.marker, item.name) for item in claim.patterns]
    assert any(asked.counts(claim, item) for item in claim.patterns)
    assert not any(asked.retire(names).counts(claim, item) for item in claim.patterns)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("unnamed_source/source_speak", "did you mean source_speaks"),
        ("unnamed_sourc/source_speaks", "did you mean unnamed_source"),
        ("", 'marker "" is not known'),
    ],
)
def test_a_rule_that_is_not_there_cannot_be_retired(name: str, says: str) -> None:
    """The error gives the nearest legal name."""
    with pytest.raises(UsageError, match=says):
        MARKERS.retire([name])


def test_new_marker_file_is_enough(tmp_path: Path) -> None:
    """A marker is added by adding its file and nothing else."""
    folder = tmp_path / "schemas"
    shutil.copytree(resources.schemas(), folder)
    text = (folder / "markers" / "loaded_language.yaml").read_text(encoding="utf-8")
    (folder / "markers" / "weather_talk.yaml").write_text(
        text.replace("marker: loaded_language", "marker: weather_talk", 1), encoding="utf-8"
    )
    assert set(taxonomy.load(folder).names) - set(MARKERS.names) == {"weather_talk"}
