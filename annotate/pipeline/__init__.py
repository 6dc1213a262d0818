"""The stages in order, wired: one library function per command, on one workspace."""

from annotate import workspace as storage
from annotate.pipeline.agreement import agreement
from annotate.pipeline.assign import assign
from annotate.pipeline.calibrate import calibrate
from annotate.pipeline.demo import demo
from annotate.pipeline.evaluate import evaluate
from annotate.pipeline.guide import guide
from annotate.pipeline.import_ import import_
from annotate.pipeline.ingest import ingest
from annotate.pipeline.pull import pull
from annotate.pipeline.push import push
from annotate.pipeline.release import release
from annotate.pipeline.rules import rules
from annotate.pipeline.run import run
from annotate.pipeline.show import article_page, show
from annotate.pipeline.status import status
from annotate.pipeline.studio import studio_logs, studio_start, studio_status, studio_stop
from annotate.pipeline.suggest import suggest
from annotate.pipeline.train import train

__all__ = [
    "Workspace",
    "agreement",
    "article_page",
    "assign",
    "calibrate",
    "demo",
    "evaluate",
    "guide",
    "import_",
    "ingest",
    "pull",
    "push",
    "release",
    "rules",
    "run",
    "show",
    "status",
    "studio_logs",
    "studio_start",
    "studio_status",
    "studio_stop",
    "suggest",
    "train",
]


class Workspace(storage.Workspace):
    """A workspace with one method per stage; each does what the command of its name does."""

    ingest = ingest
    import_ = import_
    suggest = suggest
    calibrate = calibrate
    rules = rules
    assign = assign
    studio_start = studio_start
    studio_stop = studio_stop
    studio_status = studio_status
    push = push
    pull = pull
    agreement = agreement
    release = release
    train = train
    evaluate = evaluate
    status = status
    run = run
    guide = guide
