"""A corpus that somebody else annotated, from its import to a model."""

import json
from pathlib import Path

from annotate.model import Appearance, Suggestion
from annotate.pipeline.agreement import agreement
from annotate.pipeline.import_ import import_
from annotate.pipeline.release import release
from annotate.pipeline.suggest import suggest
from annotate.pipeline.train import train
from annotate.release import load
from annotate.workspace import Workspace

KNOWN = {
    "identity_form": "role_only",
    "specificity": "2",
    "reason_for_anonymity": "none",
    "basis_of_knowledge": "unstated",
    "corroboration": "none",
}


def test_an_imported_corpus_goes_through_the_whole_product(tmp_path: Path) -> None:
    """Suggestions on its texts, agreement of its people, a release, and a model of that."""
    workspace = Workspace.create(tmp_path / "w", name="test")
    rows = [
        {
            "text": (
                text := f"Quay {number}\n\nA clerk on quay {number} said so. Locals doubt it.\n"
            ),
            "spans": [
                {
                    "start": text.index("A"),
                    "end": text.index(" said"),
                    "label": "Source",
                    "attributes": KNOWN,
                },
                {"start": text.index("Locals"), "end": text.index(" doubt"), "label": "Crowd"},
            ],
            "annotator": person,
            "licence": "CC0-1.0",
            "publisher": ("Marlow Courier", "Velden Post", "Tarn Echo")[number % 3],
        }
        for number in range(24)
        for person in ("ana", "ben")
    ]
    path = tmp_path / "people.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    labels = {"Source": "unnamed_source", "Crowd": "vague_collective_source"}
    result = import_(workspace, "jsonl", path, labels=labels)
    assert (result.documents, result.annotations, result.spans) == (24, 48, 96)
    assert {item.publisher for item in workspace.rows(Appearance)} == {
        "Marlow Courier",
        "Velden Post",
        "Tarn Echo",
    }
    suggest(workspace)
    assert {item.marker for item in workspace.rows(Suggestion)} >= set(labels.values())
    measured = agreement(workspace).markers
    assert {name: measured[name]["exact_f1"].value for name in labels.values()} == {
        "unnamed_source": 1,
        "vague_collective_source": 1,
    }
    made = load(release(workspace).path)
    assert sum(made.summary.spans.values()) == 48
    assert train(workspace).path
