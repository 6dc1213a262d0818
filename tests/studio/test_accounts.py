"""Accounts of annotators on a real server."""

from pathlib import Path
from typing import Any

import pytest

from annotate.studio import accounts, state
from annotate.studio.accounts import Kept, KeptAccounts, ensure_annotators, signups
from annotate.studio.client import Client

pytestmark = pytest.mark.studio


def test_accounts_are_made_once_and_can_log_in(label_studio: Any, tmp_path: Path) -> None:
    """Each person gets an account with a random password and a token that works, once only."""
    people = {"cleo": "Cleo@annotate.invalid", "dan": "dan@annotate.invalid"}
    made = ensure_annotators(label_studio.client, people, folder=tmp_path)
    assert list(made) == ["cleo", "dan"]
    assert made["cleo"].password != made["dan"].password
    for account in made.values():
        worker = Client(label_studio.base_url, account.token or "")
        assert worker.whoami().id == account.user_id
        token = worker.log_in(email=account.email, password=account.password or "")
        assert token == account.token
    users = label_studio.client.users()
    assert ensure_annotators(label_studio.client, people, folder=tmp_path) == made
    assert label_studio.client.users() == users
    assert (tmp_path / "accounts.json").stat().st_mode & 0o777 == 0o600
    assert made["cleo"].password not in repr(made)


@pytest.mark.parametrize("signed_up", [False, True], ids=["before", "after"])
def test_a_sign_up_that_was_cut_is_finished(
    label_studio: Any, tmp_path: Path, *, signed_up: bool
) -> None:
    """Killed before or after the server made the account, the next run has its token."""
    email, password = f"cut-{signed_up}@annotate.invalid".lower(), "kept-before-signing-up"
    kept = KeptAccounts(accounts={email: Kept(password=password)})
    state.write(tmp_path / "accounts.json", kept)
    if signed_up:
        label_studio.client.sign_up(email=email, password=password)
    (account,) = ensure_annotators(label_studio.client, {"eve": email}, folder=tmp_path).values()
    assert account.password == password
    assert Client(label_studio.base_url, account.token or "").whoami().email == email


def test_accounts_of_others_are_recognised_by_address(label_studio: Any, tmp_path: Path) -> None:
    """Somebody who signed up alone is found, and has no password that we know."""
    label_studio.client.sign_up(email="finn@annotate.invalid", password="chosen-by-finn")
    found = ensure_annotators(
        label_studio.client, {"finn": "finn@annotate.invalid"}, folder=tmp_path
    )["finn"]
    assert (found.password, found.token) == (None, None)
    assert found.user_id in {user.id for user in label_studio.client.users()}


def test_an_address_that_the_server_refuses(label_studio: Any, tmp_path: Path) -> None:
    """What is no e-mail address is an error that names it and where it stands."""
    with pytest.raises(accounts.ServerFault, match=r"no account for not-an-address. .*\[team\]"):
        ensure_annotators(label_studio.client, {"gil": "not-an-address"}, folder=tmp_path)


def test_a_team_is_asked_to_sign_up(label_studio: Any) -> None:
    """On a server of its own nobody is signed up; the missing are named with the link."""
    people = {"lead": label_studio.login, "hal": "hal@annotate.invalid"}
    found = signups(label_studio.client, people)
    assert list(found.present) == ["lead"]
    assert found.missing == {"hal": "hal@annotate.invalid"}
    assert found.invite_url.startswith(f"{label_studio.base_url}/user/signup/?token=")
    assert "hal@annotate.invalid" not in {user.email for user in label_studio.client.users()}
