"""The diagram in the package's readme is the table's."""

from pathlib import Path

from signaling.core.diagram import mermaid

README = Path(__file__).parents[4] / "signaling" / "README.md"


def test_the_readme_shows_the_table_as_it_is() -> None:
    assert f"```mermaid\n{mermaid()}\n```" in README.read_text(), "run: python -m signaling.core.diagram"
