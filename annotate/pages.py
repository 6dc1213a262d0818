"""The one way that templates become pages: escaped, strict, and the same bytes each time."""

from typing import TYPE_CHECKING

from annotate import resources

if TYPE_CHECKING:
    from jinja2 import Environment


def environment() -> "Environment":
    """Give an environment for the shipped templates; `.html.j2` ones escape what they are given."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape

    return Environment(
        loader=FunctionLoader(resources.template),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
