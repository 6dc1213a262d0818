"""The client against a real server; faults that one does not show come from a small one."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest

from annotate.errors import AnnotateError, ServerFault, WrongToken
from annotate.studio.client import Client

CONFIG = """<View><Labels name="marker" toName="text"><Label value="hedge"/></Labels>
<Text name="text" value="$text"/></View>"""
TOKEN = "0123456789abcdef0123456789abcdef01234567"


def region(start: int, end: int) -> dict[str, Any]:
    return {
        "id": f"r{start}",
        "from_name": "marker",
        "to_name": "text",
        "type": "labels",
        "value": {"start": start, "end": end, "labels": ["hedge"]},
    }


def task(number: int) -> dict[str, Any]:
    return {
        "data": {
            "text": f"Perhaps {number} \N{FACE WITH TEARS OF JOY} boats came.",
            "doc_id": f"d-{number}",
        },
        "meta": {"annotator": "ana"},
        "predictions": [{"model_version": "rules@2", "score": 0.5, "result": [region(0, 7)]}],
    }


@pytest.fixture
def project(label_studio: Any, request: pytest.FixtureRequest) -> Iterator[int]:
    """Give a project of seven tasks."""
    made = label_studio.client.create_project("seven tasks", CONFIG, enable_empty_annotation=True)
    label_studio.client.import_tasks(made.id, [task(number) for number in range(7)])
    yield made.id
    label_studio.client.delete_project(made.id)


@pytest.mark.studio
def test_projects_are_made_found_changed_and_taken_away(label_studio: Any) -> None:
    """Titles are matched exactly; settings go through; a project that is gone is None."""
    client: Client = label_studio.client
    made = client.create_project("first of two", CONFIG, maximum_annotations=2)
    other = client.create_project("first of two or three", CONFIG)
    assert client.find_project("first of two") == made
    assert client.find_project("first") is None
    assert {made, other} <= set(client.projects())
    client.update_project(made.id, title="renamed")
    settings = client.project_settings(made.id)
    assert (settings["title"], settings["maximum_annotations"]) == ("renamed", 2)
    assert settings["label_config"] == CONFIG
    for project in (made, other):
        client.delete_project(project.id)
        assert client.project_counts(project.id) is None


@pytest.mark.studio
def test_tasks_come_back_whole_in_order_whatever_the_page(label_studio: Any, project: int) -> None:
    """Import gives ids in order; listing by pages of two gives each task once, verbatim."""
    client: Client = label_studio.client
    ids = client.import_tasks(project, [task(number) for number in range(7, 10)])
    listed = list(client.list_tasks(project, page_size=2))
    assert [item["data"] for item in listed] == [task(number)["data"] for number in range(10)]
    assert [item["id"] for item in listed] == client.list_task_ids(project)
    assert [item["id"] for item in listed][-3:] == ids
    assert listed[0]["meta"] == {"annotator": "ana"}
    assert listed[0]["predictions"][0]["result"] == [region(0, 7)]
    assert listed[0]["predictions"][0]["model_version"] == "rules@2"
    few = next(iter(client.list_tasks(project, fields=("data",))))
    assert set(few) == {"id", "data"}


@pytest.mark.studio
def test_what_people_submit_comes_back_with_who_and_how(label_studio: Any, project: int) -> None:
    """An annotation in a listing carries everything that pull needs, lead time and user too."""
    ana = label_studio.sign_up("ana")["ana"]
    worker = label_studio.client_of(ana)
    first, second, *_ = label_studio.client.list_task_ids(project)
    result = [{**region(0, 7), "origin": "prediction"}]
    made = worker.create_annotation(first, result=result, lead_time=3.5)
    worker.create_annotation(second, result=[], was_cancelled=True)
    tasks = list(label_studio.client.list_tasks(project))
    (annotation,) = tasks[0]["annotations"]
    assert annotation["id"] == made
    assert annotation["result"] == result
    assert annotation["lead_time"] == 3.5
    assert annotation["completed_by"] == annotation["updated_by"] == ana.user_id
    assert annotation["was_cancelled"] is False
    assert {"ground_truth", "parent_prediction", "created_at", "updated_at"} <= set(annotation)
    assert (tasks[0]["total_annotations"], tasks[1]["cancelled_annotations"]) == (1, 1)
    assert tasks[1]["annotations"][0]["was_cancelled"] is True
    counts = label_studio.client.project_counts(project)
    assert (counts.tasks, counts.annotations, counts.skipped, counts.predictions) == (7, 1, 1, 7)


@pytest.mark.studio
def test_only_what_moved_is_listed(label_studio: Any, project: int) -> None:
    """After a moment only tasks whose annotations were made, changed or deleted come."""
    client: Client = label_studio.client
    tasks = list(client.list_tasks(project))
    moment = max(item["updated_at"] for item in tasks)
    later = {"updated_after": moment.replace("Z", "+00:00")}
    ids = [item["id"] for item in tasks]

    def moved() -> list[tuple[int, int]]:
        return [
            (item["id"], item["total_annotations"])
            for item in client.list_tasks(project, **later)
            if item["updated_at"] > moment
        ]

    assert moved() == []
    made = client.create_annotation(ids[3], result=[region(0, 7)])
    assert moved() == [(ids[3], 1)]
    changed = next(item for item in client.list_tasks(project) if item["id"] == ids[3])
    moment = changed["updated_at"]
    client.update_annotation(made, result=[])
    assert moved() == [(ids[3], 1)]
    client.delete_annotation(made)
    assert moved() == [(ids[3], 0)]


@pytest.mark.studio
def test_tasks_and_predictions_are_deleted_by_id(label_studio: Any, project: int) -> None:
    """Only the named ones go; naming none deletes none."""
    client: Client = label_studio.client
    ids = client.list_task_ids(project)
    client.delete_tasks(project, [])
    client.delete_predictions(project, ids[:2])
    client.delete_tasks(project, ids[5:])
    left = list(client.list_tasks(project))
    assert [item["id"] for item in left] == ids[:5]
    assert [len(item["predictions"]) for item in left] == [0, 0, 1, 1, 1]
    again = [{"task": ids[0], "result": [region(0, 7)], "score": 0.7, "model_version": "m"}]
    assert client.import_predictions(project, again) == 1


@pytest.mark.studio
def test_a_label_config_is_judged_by_the_server(label_studio: Any) -> None:
    """A good one gives nothing, a broken one what is wrong with it."""
    assert label_studio.client.validate_label_config(CONFIG) == ""
    problem = label_studio.client.validate_label_config(
        "<View><Labels name='a' toName='b'/></View>"
    )
    assert "'Label' is a required property" in problem


@pytest.mark.studio
def test_a_refusal_is_one_short_line(label_studio: Any, project: int) -> None:
    """The server's reason is given, without headers, cookies, HTML or the token."""
    client: Client = label_studio.client
    calls = [
        lambda: client.create_project("ab", CONFIG),
        lambda: client.import_tasks(project, [{"data": {"body": "wrong key " * 500}}]),
        lambda: client.project_settings(10**6),
        lambda: list(client.list_tasks(10**6)),
    ]
    for call in calls:
        with pytest.raises(ServerFault, match=r"refuses \w+ /api/.*: 4\d\d \w+") as caught:
            call()
        line = str(caught.value)
        assert len(line) < 400
        assert label_studio.token not in line
        assert "sessionid" not in line
        assert "<" not in line


@pytest.mark.studio
def test_personal_access_tokens_work_and_are_renewed(label_studio: Any) -> None:
    """A refresh token is exchanged by itself, again when the short one's time is over."""
    owner = label_studio.client_of(label_studio.sign_up("pat")["pat"])
    personal = owner._server.json("POST", "api/token/")["token"]
    client = Client(label_studio.base_url, personal)
    assert client.whoami().email == "pat@annotate.invalid"
    client._server._sdk._tokens_client._access_token = jwt.encode({"exp": 1}, "k" * 32)
    assert client.whoami().email == "pat@annotate.invalid"
    with pytest.raises(WrongToken, match="Token is invalid") as caught:
        Client(label_studio.base_url, personal[:-4] + "AAAA").whoami()
    assert personal[:40] not in str(caught.value)


@pytest.mark.studio
@pytest.mark.parametrize("token", ["0" * 40, "", "two words", "t\u00f6ken", "a\nb", "a.b.c"])
def test_a_token_that_is_none(label_studio: Any, token: str) -> None:
    """Whatever stands in the variable, the answer is WrongToken."""
    with pytest.raises(WrongToken, match="does not accept the token"):
        Client(label_studio.base_url, token).whoami()


@pytest.mark.studio
def test_a_proxy_is_not_asked_for_this_machine(
    label_studio: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy in the environment does not stand between us and the loopback."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert Client(label_studio.base_url, label_studio.token).whoami().email == label_studio.login


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    """The address is printed with every result and error, so it must hold no secret."""
    with pytest.raises(ServerFault, match="holds a user or a password") as caught:
        Client("https://lead:hidden-word@labels.example.org", "token")
    assert "hidden-word" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["labels.example.org", "ftp://labels.example.org", "http://", "http://host:99999999", ""]
)
def test_what_is_no_address_is_said_to_be_none(url: str) -> None:
    """A mistyped [studio] url is named together with where it stands."""
    with pytest.raises(ServerFault, match=r"is not the address of a server. .*\[studio\] url"):
        Client(url, TOKEN).whoami()


class Faulty(BaseHTTPRequestHandler):
    """A server that gives the prepared answers one after the other, and notes the requests."""

    answers: list[tuple[int, str, str]]
    seen: list[str]

    def do_GET(self) -> None:
        """Answer, or cut the connection when nothing is prepared."""
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.seen.append(f"{self.command} {self.path}")
        if not self.answers:
            self.close_connection = True
            return
        status, kind, body = self.answers.pop(0)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if status == 301:
            self.send_header("Location", body)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def do_POST(self) -> None:
        """Answer a write in the same way."""
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def faulty() -> Iterator[Any]:
    """Give the address of a server, its prepared answers and the requests that it saw."""

    class Handler(Faulty):
        answers: list[tuple[int, str, str]] = []
        seen: list[str] = []

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        Handler.url = f"http://127.0.0.1:{running.server_port}"
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield Handler
        running.shutdown()
        thread.join()


def test_a_server_that_is_not_label_studio(faulty: Any) -> None:
    """A page where data should be is named as what it is."""
    faulty.answers.append((200, "text/html", "<html>It works!</html>"))
    with pytest.raises(ServerFault, match="is not Label Studio") as caught:
        Client(faulty.url, TOKEN).whoami()
    assert "It works" not in str(caught.value)


def test_a_read_is_repeated_after_a_passing_fault(faulty: Any) -> None:
    """503, then a cut connection would be tried again; the third answer counts."""
    page = (503, "text/html", "later")
    faulty.answers += [page, page, (200, "application/json", '{"release": "1.23.2"}')]
    assert Client(faulty.url, TOKEN).version() == "1.23.2"
    assert len(faulty.seen) == 3


def test_a_read_is_given_up_after_three_cut_connections(faulty: Any) -> None:
    """Then the error says that the server does not answer, and what to look at."""
    with pytest.raises(ServerFault, match=r"does not answer. Check \[studio\] url"):
        Client(faulty.url, TOKEN).version()
    assert len(faulty.seen) == 3


@pytest.mark.parametrize("answers", [[], [(503, "text/html", "busy")]], ids=["cut", "503"])
def test_an_import_is_never_repeated(faulty: Any, answers: list[Any]) -> None:
    """It may have been committed all the same, and would then be there twice."""
    faulty.answers += answers
    with pytest.raises(ServerFault):
        Client(faulty.url, TOKEN).import_tasks(1, [task(1)])
    assert len(faulty.seen) == 1


def test_a_server_that_moved_says_where_to(faulty: Any) -> None:
    """A redirect is not followed with the token; the new address is named."""
    faulty.answers.append((301, "text/html", "https://labels.example.org/"))
    with pytest.raises(ServerFault, match=r"301 moved to https://labels\.example\.org/"):
        Client(faulty.url, TOKEN).whoami()


def test_a_refusal_that_repeats_the_token_is_masked(faulty: Any) -> None:
    """Tokens stay out of messages even when the server puts them there."""
    faulty.answers.append((403, "application/json", f'{{"detail": "{TOKEN} may not"}}'))
    client = Client(faulty.url, TOKEN)
    with pytest.raises(AnnotateError) as caught:
        client.whoami()
    assert TOKEN not in str(caught.value)
    assert TOKEN not in repr(client)
    assert "*** may not" in str(caught.value)
