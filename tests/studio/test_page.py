"""The embedded server's pages in a real browser."""

from typing import Any
from urllib.parse import urlsplit

import pytest

pytestmark = [pytest.mark.studio, pytest.mark.browser]


def test_its_pages_ask_nobody_outside(label_studio: Any, chromium: Any) -> None:
    """From log-in to labelling no request leaves this machine: no telemetry, no fonts."""
    made = label_studio.client.create_project(
        "nobody outside",
        '<View><Labels name="m" toName="t"><Label value="x"/></Labels>'
        '<Text name="t" value="$text"/></View>',
    )
    label_studio.client.import_tasks(made.id, [{"data": {"text": "A quiet page."}}])
    hosts = set()
    with chromium.new_context() as context:
        page = context.new_page()
        page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
        page.goto(f"{label_studio.base_url}/user/login/")
        page.fill("input[name=email]", label_studio.login)
        page.fill("input[name=password]", label_studio.password)
        page.click("button[type=submit]")
        page.wait_for_load_state("networkidle")
        page.goto(f"{label_studio.base_url}/projects/{made.id}/data?labeling=1")
        page.wait_for_selector(".lsf-htx-richtext")
        page.wait_for_load_state("networkidle")
    label_studio.client.delete_project(made.id)
    assert hosts - {"", None} == {"127.0.0.1"}
