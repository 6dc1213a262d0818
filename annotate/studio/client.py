"""Label Studio over HTTP: the only module of the stages that makes requests.

What is asked here in words becomes a request in `connection.py`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self

from annotate.studio import wire
from annotate.studio.connection import Connection
from annotate.studio.wire import TASK_FIELDS, Latest, Member, Project

PAGE = 500
_ALL = 10_000
_INVALID = 400


class Client:
    """One Label Studio and one user's token, legacy or personal access token.

    Every method raises ServerFault in one line when the server is down or refuses, and
    WrongToken when it does not know the token. Reads are repeated after a passing fault;
    writes only when the connection was never made.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        patience: int = 3,
        when_down: str = "Check [studio] url in annotate.toml, and that the server is up",
        when_refused: str = "Copy a token from Account & Settings in Label Studio",
    ) -> None:
        """Take the address and the token; `patience` is how often a read is tried."""
        self._server = Connection(
            base_url, token, patience=patience, when_down=when_down, when_refused=when_refused
        )
        self.base_url = self._server.base_url

    def __repr__(self) -> str:
        """Name the server, and keep the token out of logs."""
        return f"Client({self.base_url!r})"

    def __enter__(self) -> Self:
        """Give the client; its connections are closed at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._server.close()

    def whoami(self) -> Member:
        """Give the user whose token this is."""
        return wire.member(self._server.json("GET", "api/current-user/whoami"))

    def version(self) -> str:
        """Give the server's version, such as `1.23.2`."""
        return str(self._server.json("GET", "api/version/").get("release", ""))

    def clock(self) -> datetime | None:
        """Give the server's clock, to the second; None when it does not say."""
        date = self._server.answer("GET", "health").headers.get("Date")
        return parsedate_to_datetime(date) if date else None

    def users(self) -> list[Member]:
        """Give everyone who has signed up."""
        return [wire.member(user) for user in self._server.json("GET", "api/users/")]

    def projects(self) -> list[Project]:
        """Give all projects, oldest first, with their counts: one request of 10 ms."""
        found: list[Project] = []
        params: dict[str, Any] = {"include": wire.PROJECT_FIELDS, "page_size": _ALL, "page": 1}
        while True:
            answer = self._server.json("GET", "api/projects/", params=params)
            found += [wire.project(item) for item in answer["results"]]
            if not answer["next"]:
                return sorted(found, key=lambda project: project.id)
            params["page"] += 1

    def find_project(self, title: str) -> Project | None:
        """Give the oldest project of exactly that title, or None."""
        return next((item for item in self.projects() if item.title == title), None)

    def project_counts(self, project_id: int) -> Project | None:
        """Give one project with its counts in 10 ms; None when the server has it no more."""
        params = {"include": wire.PROJECT_FIELDS, "ids": project_id}
        found = self._server.json("GET", "api/projects/", params=params)["results"]
        return wire.project(found[0]) if found else None

    def project_settings(self, project_id: int) -> dict[str, Any]:
        """Give everything the server says of a project, `label_config` among it."""
        return dict(self._server.json("GET", f"api/projects/{project_id}/"))

    def create_project(self, title: str, label_config: str, **settings: object) -> Project:
        """Make a project; `title` has 3 to 50 characters."""
        body = {"title": title, "label_config": label_config, **settings}
        return wire.project(self._server.json("POST", "api/projects/", body=body))

    def update_project(self, project_id: int, **settings: object) -> None:
        """Change settings of a project; the others stay as they are."""
        self._server.json("PATCH", f"api/projects/{project_id}/", body=settings)

    def delete_project(self, project_id: int) -> None:
        """Take a project away with all its tasks."""
        self._server.json("DELETE", f"api/projects/{project_id}/")

    def validate_label_config(self, label_config: str, *, project_id: int | None = None) -> str:
        """Give what the server has against a label config; an empty string when nothing.

        With `project_id` it also asks whether the project's annotations fit.
        """
        path = f"api/projects/{project_id}/validate/" if project_id else "api/projects/validate/"
        answer = self._server.answer("POST", path, body={"label_config": label_config})
        if answer.status_code == _INVALID:
            return self._server.detail(answer)
        self._server.accepted(answer)
        return ""

    def import_tasks(self, project_id: int, tasks: Sequence[Mapping[str, Any]]) -> list[int]:
        """Import tasks in one request and give their ids in order; 500 at a time are best.

        Never repeated: after a fault they may be there all the same, so list them.
        """
        path, params = f"api/projects/{project_id}/import", {"return_task_ids": "true"}
        return list(self._server.json("POST", path, params=params, body=list(tasks))["task_ids"])

    def import_predictions(self, project_id: int, predictions: Sequence[Mapping[str, Any]]) -> int:
        """Add predictions (`task`, `result`, `score`, `model_version`) and give how many."""
        path = f"api/projects/{project_id}/import/predictions"
        return int(self._server.json("POST", path, body=list(predictions))["created"])

    def list_tasks(
        self,
        project_id: int,
        *,
        updated_after: str | None = None,
        fields: Sequence[str] = TASK_FIELDS,
        page_size: int = PAGE,
    ) -> Iterator[dict[str, Any]]:
        """Give tasks by rising id, by default with annotations and predictions in full.

        `updated_after` is an ISO 8601 time: creating, changing and deleting annotations
        moves a task's. Pages are cut by id, not by number, so that work which goes on
        while we read neither hides a task nor shows one twice.
        """
        params: dict[str, Any] = {"project": project_id, "page_size": page_size, "fields": "all"}
        params["include"] = ",".join(dict.fromkeys(("id", *fields)))
        last = 0
        while True:
            params["query"] = wire.task_query(after_id=last, updated_after=updated_after)
            page = self._server.json("GET", "api/tasks/", params=params)["tasks"]
            yield from page
            if len(page) < page_size:
                return
            last = page[-1]["id"]

    def latest(self, project_id: int, *, updated_after: str) -> Latest:
        """Give how many tasks changed after an ISO 8601 time, and when the last one did."""
        query = wire.task_query(after_id=0, updated_after=updated_after, order="-tasks:updated_at")
        params = {"project": project_id, "page_size": 1, "fields": "all", "query": query}
        params["include"] = "id,updated_at"
        answer = self._server.json("GET", "api/tasks/", params=params)
        times = [task["updated_at"] for task in answer["tasks"]]
        return Latest(count=answer["total"], updated_at=max(times, default=None))

    def list_task_ids(self, project_id: int) -> list[int]:
        """Give the ids of a project's tasks, rising."""
        found = self.list_tasks(project_id, fields=("id",), page_size=_ALL)
        return [task["id"] for task in found]

    def delete_tasks(self, project_id: int, ids: Collection[int]) -> None:
        """Delete the tasks with these ids and everything on them."""
        self._act("delete_tasks", project_id, ids)

    def delete_predictions(self, project_id: int, ids: Collection[int]) -> None:
        """Delete all predictions of the tasks with these ids."""
        self._act("delete_tasks_predictions", project_id, ids)

    def _act(self, action: str, project_id: int, ids: Collection[int]) -> None:
        if ids:
            params = {"id": action, "project": project_id}
            self._server.json("POST", "api/dm/actions/", params=params, body=wire.selection(ids))

    def create_annotation(self, task_id: int, **annotation: object) -> int:
        """Submit an annotation as this token's user (`result`, `lead_time`, …); give its id."""
        return int(
            self._server.json("POST", f"api/tasks/{task_id}/annotations/", body=annotation)["id"]
        )

    def update_annotation(self, annotation_id: int, **changes: object) -> None:
        """Change an annotation as this token's user."""
        self._server.json("PATCH", f"api/annotations/{annotation_id}/", body=changes)

    def update_prediction(self, prediction_id: int, **changes: object) -> None:
        """Change a prediction."""
        self._server.json("PATCH", f"api/predictions/{prediction_id}/", body=changes)

    def update_task(self, task_id: int, **changes: object) -> None:
        """Change a task's `data` or `meta`, each as a whole."""
        self._server.json("PATCH", f"api/tasks/{task_id}/", body=changes)

    def delete_annotation(self, annotation_id: int) -> None:
        """Delete an annotation."""
        self._server.json("DELETE", f"api/annotations/{annotation_id}/")

    def invite_url(self) -> str:
        """Give the link under which people sign up; whoever has it can."""
        return f"{self.base_url}{self._server.json('GET', 'api/invite')['invite_url']}"

    def sign_up(self, *, email: str, password: str) -> str | None:
        """Make an account through the invite link and give its token; None when refused."""
        page = self.invite_url().removeprefix(self.base_url)
        return self._server.token_by_form(page, email=email, password=password)

    def log_in(self, *, email: str, password: str) -> str | None:
        """Give the token of an account by its password; None when that is refused."""
        return self._server.token_by_form("/user/login/", email=email, password=password)
