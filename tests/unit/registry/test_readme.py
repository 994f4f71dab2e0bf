"""What the README says of the rules and the columns is what the code does."""

from pathlib import Path

from registry.access import RULES
from registry.access_table import access_table
from registry.sheet import COLUMNS

README = (Path(__file__).parents[3] / "registry" / "README.md").read_text(encoding="utf-8")


def test_the_readmes_table_is_drawn_from_the_rules():
    assert access_table() in README, "run: python -m registry.access_table, and put its table into registry/README.md"


def test_every_rule_says_in_a_few_words_what_it_asks():
    assert all(rule.__doc__ and len(rule.__doc__) < 40 for row in RULES.values() for rule in row.values())


def test_the_readme_names_the_columns_of_an_import():
    assert "`" + "` `".join(COLUMNS) + "`" in README
