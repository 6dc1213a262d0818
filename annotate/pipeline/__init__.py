"""The stages in order, wired: one library function per command, on one workspace."""

from annotate import workspace as storage
from annotate.pipeline.adjudicate import adjudicate
from annotate.pipeline.agreement import agreement
from annotate.pipeline.agreement_page import agreement_page
from annotate.pipeline.assign import assign
from annotate.pipeline.calibrate import calibrate
from annotate.pipeline.demo import demo
from annotate.pipeline.diff import diff
from annotate.pipeline.evaluate import evaluate
from annotate.pipeline.export import export
from annotate.pipeline.forget import forget
from annotate.pipeline.guide import guide
from annotate.pipeline.import_ import import_
from annotate.pipeline.ingest import ingest
from annotate.pipeline.migrate import migrate
from annotate.pipeline.pull import pull
from annotate.pipeline.push import push
from annotate.pipeline.push_dockets import push_dockets
from annotate.pipeline.rehydrate import rehydrate
from annotate.pipeline.release import release
from annotate.pipeline.rules import rules
from annotate.pipeline.run import run
from annotate.pipeline.show import article_page, show
from annotate.pipeline.status import status
from annotate.pipeline.studio import studio_logs, studio_start, studio_status, studio_stop
from annotate.pipeline.suggest import suggest
from annotate.pipeline.trace import trace, traced
from annotate.pipeline.train import train
from annotate.pipeline.verify import verify
from annotate.pipeline.worksheet import worksheet

__all__ = [
    "Workspace",
    "adjudicate",
    "agreement",
    "agreement_page",
    "article_page",
    "assign",
    "calibrate",
    "demo",
    "diff",
    "evaluate",
    "export",
    "forget",
    "guide",
    "import_",
    "ingest",
    "migrate",
    "pull",
    "push",
    "push_dockets",
    "rehydrate",
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
    "trace",
    "traced",
    "train",
    "verify",
    "worksheet",
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
    adjudicate = adjudicate
    push_dockets = push_dockets
    release = release
    train = train
    evaluate = evaluate
    status = status
    run = run
    guide = guide
    worksheet = worksheet
    forget = forget
    trace = trace
    migrate = migrate
