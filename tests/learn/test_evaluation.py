"""A model's scores stand beside the rules' and the majority's, from one scorer."""

import numpy as np
import pytest

from annotate.learn.evaluation import MICRO, SplitReport, evaluate_split, not_learnt
from annotate.learn.resample import Resample
from annotate.learn.storage import Model, TrainedOn, load_model, write_model
from annotate.learn.text import LabelledDocument
from annotate.learn.training import train
from annotate.model import Span, Voice
from annotate.scores import ALL_VOICES, VOICES, Tally, score

SOURCE, RARE = "unnamed_source", "motive_imputation"


def article(number: int) -> LabelledDocument:
    whom = ("a clerk", "a guard", "an insider")[number % 3]
    text = f"Case {number} was heard 🧾, {whom} at the mill said. It rained. It got dark early."
    return LabelledDocument(
        doc_id=f"d{number:02}",
        text=text,
        spans=(Span(start=text.index(whom), end=text.index(" said"), marker=SOURCE),),
        group=f"outlet {number % 4}",
    )


TEST = [article(number) for number in range(12, 20)]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    training = train(
        [article(number) for number in range(12)],
        validation=[],
        markers=(SOURCE, RARE),
        level="both",
        name="first",
        release=TrainedOn(version="0.1.0", sha256="0" * 64),
        taxonomy_version="1",
        seed=1,
    )
    folder = tmp_path_factory.mktemp("models") / "first"
    write_model(folder, training.card, training.files)
    return load_model(folder)


def half(item: LabelledDocument) -> list[Span]:
    """Stand for rules that find the person and miss the place."""
    start = item.spans[0].start
    return [Span(start=start, end=item.text.index(" at the mill"), marker=SOURCE)]


def report_on(
    model: Model,
    documents: list[LabelledDocument],
    *,
    micro: tuple[str, ...] = (SOURCE, RARE, "insinuating_question"),
    voices: tuple[Voice, ...] = VOICES,
) -> SplitReport:
    return evaluate_split(
        "test_random",
        documents,
        model=model,
        rules=half,
        micro=micro,
        voices=voices,
        seen=model.trained_on,
        rng=np.random.default_rng(1),
    )


def test_model_rules_and_majority_stand_beside_each_other(model: Model) -> None:
    """For each marker and pooled: both span measures and sentences, of all three."""
    report = report_on(model, TEST)
    assert (report.documents, report.sentences, report.groups, report.left_out) == (8, 24, 4, 0)
    assert len(report.rows) == 3 * 3 * 3
    found = {
        (system, measure): row.f1
        for system in ("model", "rules", "majority")
        for measure in ("exact", "overlap", "sentence")
        if (row := report.row(system=system, measure=measure)) is not None
    }
    assert found["model", "exact"] == found["model", "sentence"] == 1.0
    assert found["rules", "exact"] == 0.0
    assert found["rules", "sentence"] == 1.0
    overlap = found["rules", "overlap"]
    assert overlap is not None
    assert 0.5 < overlap < 1.0
    assert found["majority", "exact"] == found["majority", "sentence"] == 0.0


def test_span_scores_are_those_of_the_one_scorer(model: Model) -> None:
    """Oracle: annotate.scores on the same spans."""
    truth = {item.doc_id: item.spans for item in TEST}
    expected = score({item.doc_id: half(item) for item in TEST}, truth, markers=[SOURCE])
    row = report_on(model, TEST).row(system="rules", measure="overlap", marker=SOURCE)
    assert row is not None
    wanted = expected.markers[SOURCE].overlap
    assert (row.precision, row.recall, row.f1) == (wanted.precision, wanted.recall, wanted.f1)


def test_undefined_is_said_with_its_reason(model: Model) -> None:
    """No predicted and no true spans: null, never 0 or 1; not learnt comes first."""
    report = report_on(model, TEST)
    rules = report.row(system="rules", measure="exact", marker=RARE)
    learnt = report.row(system="model", measure="exact", marker=RARE)
    nobody = report.row(system="majority", measure="exact", marker=SOURCE)
    assert rules is not None
    assert learnt is not None
    assert nobody is not None
    assert (rules.f1, rules.low, rules.reason) == (None, None, "no spans on either side")
    assert (learnt.f1, learnt.reason) == (None, "not learnt: no spans in train")
    assert (nobody.precision, nobody.f1, nobody.reason) == (None, 0.0, "nothing was predicted")
    assert not_learnt(model.card) == {RARE: "no spans in train"}


def test_documents_seen_in_training_are_left_out_and_counted(model: Model) -> None:
    """What the model was trained on is not scored."""
    report = report_on(model, [article(3), *TEST])
    assert (report.documents, report.left_out) == (8, 1)
    assert report.rows == report_on(model, TEST).rows


def test_no_documents_give_rows_without_values(model: Model) -> None:
    """An empty split is reported as such, without a crash."""
    report = report_on(model, [])
    assert report.documents == 0
    assert {row.f1 for row in report.rows} == {None}


def test_quoted_voices_count_only_when_asked(model: Model) -> None:
    """What others are quoted as saying is no true span, in both levels, unless all are asked."""
    quoted = [
        LabelledDocument(
            doc_id=item.doc_id,
            text=item.text,
            spans=tuple(span.replace(voice="quoted_source") for span in item.spans),
        )
        for item in TEST
    ]
    for voices, counted in ((VOICES, 0), (ALL_VOICES, len(TEST))):
        report = report_on(model, quoted, voices=voices)
        for measure in ("exact", "sentence"):
            row = report.row(system="model", measure=measure)
            assert row is not None
            assert (row.true, row.f1) == (counted, 1.0 if counted else 0.0)


def test_markers_of_tier_2_alone_have_no_pooled_rows(model: Model) -> None:
    """Without a marker of tier 1 there is nothing to pool, and no crash over several groups."""
    report = report_on(model, TEST, micro=("insinuating_question",))
    assert report.groups > 1
    assert {row.marker for row in report.rows} == {SOURCE, RARE}


def test_the_interval_holds_the_value_and_narrows() -> None:
    """With more documents the 95% interval of F1 is narrower, and the value lies inside."""
    tallies = [Tally(predicted=2, true=2, exact=number % 3) for number in range(300)]
    widths = []
    for count in (30, 300):
        rng = np.random.default_rng(7)
        drawn = Resample([str(number) for number in range(count)], rounds=2000, rng=rng)
        found = drawn.f1(tallies[:count], overlap=False)
        assert found is not None
        assert found.low < 0.5 < found.high
        widths.append(found.high - found.low)
    # The standard error of a mean of 0, .5, 1 is .408 / sqrt(n); 95% is 3.92 of them wide.
    assert widths == [pytest.approx(3.92 * 0.408 / np.sqrt(n), rel=0.1) for n in (30, 300)]


def test_one_group_has_no_interval() -> None:
    """Documents of one publisher only say nothing of others."""
    drawn = Resample(["a", "a"], rounds=10, rng=np.random.default_rng(1))
    assert drawn.f1([Tally(predicted=1, true=1, exact=1)] * 2, overlap=False) is None


def test_pooled_rows_are_named_micro() -> None:
    """The name cannot be a marker's: it is the one that tables show."""
    assert MICRO == "micro"
