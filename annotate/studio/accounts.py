"""Accounts of annotators, made through the invite link or asked for with it."""

import secrets
from collections.abc import Mapping
from pathlib import Path

from annotate.errors import ServerFault
from annotate.model import Record
from annotate.studio import state
from annotate.studio.client import Client


class Account(Record, frozen=True, kw_only=True):
    """One annotator on the server; password and token only where we made the account."""

    name: str
    email: str
    user_id: int
    password: str | None = None
    token: str | None = None

    def __repr__(self) -> str:
        """Name the account and keep its secrets out of logs."""
        return f"Account({self.name!r}, {self.email!r}, user_id={self.user_id})"


class Kept(Record, frozen=True, kw_only=True):
    """What we know of an account that we made."""

    password: str
    token: str | None = None


class KeptAccounts(Record, frozen=True, kw_only=True):
    """`studio/accounts.json`: the accounts that we made, by e-mail."""

    accounts: dict[str, Kept] = {}


class Signups(Record, frozen=True, kw_only=True):
    """Who of the team has signed up on a server of its own, and who has yet to.

    `invite_url` is for the lead to send: whoever has it can sign up.
    """

    present: dict[str, Account]
    missing: dict[str, str]
    invite_url: str


def signups(client: Client, people: Mapping[str, str]) -> Signups:
    """Give who of `people` (name to e-mail) has an account; none is made."""
    ids = _user_ids(client)
    present = {
        name: Account(name=name, email=email, user_id=ids[email.lower()])
        for name, email in people.items()
        if email.lower() in ids
    }
    missing = {name: email for name, email in people.items() if name not in present}
    return Signups(present=present, missing=missing, invite_url=client.invite_url())


def ensure_annotators(
    client: Client, people: Mapping[str, str], *, folder: Path
) -> dict[str, Account]:
    """Give an account for each of `people` (name to e-mail), made where there is none.

    Passwords are random and kept in `accounts.json` of the folder, for the owner only.
    An account that somebody else made comes without password and token.
    """
    state.make(folder)
    with state.one_at_a_time(folder):
        kept = _sign_up(client, people, folder / "accounts.json")
    ids = _user_ids(client)
    return {
        name: _account(name, email, ids[email.lower()], kept.get(email.lower()))
        for name, email in people.items()
    }


def _sign_up(client: Client, people: Mapping[str, str], path: Path) -> dict[str, Kept]:
    kept = dict((state.read(path, KeptAccounts) or KeptAccounts()).accounts)
    ids = _user_ids(client)
    for email in (address.lower() for address in people.values()):
        if email not in ids and email not in kept:
            # Kept first: a sign-up that is cut short leaves no account without password.
            kept[email] = Kept(password=secrets.token_urlsafe(12))
            state.write(path, KeptAccounts(accounts=kept))
        if email in kept and (email not in ids or kept[email].token is None):
            kept[email] = _entered(client, email, kept[email])
            state.write(path, KeptAccounts(accounts=kept))
    return kept


def _entered(client: Client, email: str, kept: Kept) -> Kept:
    token = client.sign_up(email=email, password=kept.password) or client.log_in(
        email=email, password=kept.password
    )
    if token is None:
        raise ServerFault(
            f"{client.base_url} makes no account for {email}",
            hint="Check the address in [team] emails of annotate.toml",
        )
    return kept.replace(token=token)


def _account(name: str, email: str, user_id: int, kept: Kept | None) -> Account:
    return Account(
        name=name,
        email=email,
        user_id=user_id,
        password=kept.password if kept else None,
        token=kept.token if kept else None,
    )


def _user_ids(client: Client) -> dict[str, int]:
    return {user.email.lower(): user.id for user in client.users()}
