"""Who of the team is who on the server."""

from collections.abc import Iterable

from annotate.config import Team
from annotate.errors import UsageError
from annotate.model import Record
from annotate.studio import accounts
from annotate.studio.client import Client
from annotate.workspace import Workspace


class People(Record, frozen=True, kw_only=True):
    """Annotators' user ids, and the e-mail addresses of those who have not signed up."""

    user_ids: dict[str, int]
    absent: dict[str, str] = {}
    invite_url: str | None = None


def emails(team: Team, names: Iterable[str]) -> dict[str, str]:
    """Give each annotator's e-mail address: the given one, or `name@<email_domain>`.

    Raises UsageError when two share one: nobody could tell their work apart.
    """
    found = {name: team.emails.get(name, f"{name}@{team.email_domain}") for name in sorted(names)}
    owner: dict[str, str] = {}
    for name, email in found.items():
        other = owner.setdefault(email.lower(), name)
        if other != name:
            raise UsageError(
                f"{other} and {name} have the same e-mail address, {email}",
                hint="Give each an address of their own in [team] emails of annotate.toml",
            )
    return found


def people_on(
    client: Client, workspace: Workspace, *, names: Iterable[str], dry_run: bool = False
) -> People:
    """Give who the annotators are on the server.

    On the embedded server accounts are made where they are missing; on a server of the
    team's own people sign up themselves, through the invite link.
    """
    config = workspace.config
    addresses = emails(config.team, names)
    if config.studio.url is None and not dry_run:
        made = accounts.ensure_annotators(client, addresses, folder=workspace.path("studio"))
        return People(user_ids={name: account.user_id for name, account in made.items()})
    known = accounts.signups(client, addresses)
    return People(
        user_ids={name: account.user_id for name, account in known.present.items()},
        absent=known.missing,
        invite_url=known.invite_url if known.missing else None,
    )
