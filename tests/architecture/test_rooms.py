"""Small rooms with honest names."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, ending, files, name, parsed, text

LONGEST = 400  # lines
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "service", "base", "common", "misc"}
GENERATED = re.compile(r"generated|do not edit", re.IGNORECASE)


def test_no_module_is_longer_than_one_can_hold_in_mind() -> None:
    lengths = {
        name(file): len(text(file).splitlines())
        for file in ending(".py", ".ts", ".tsx", ".css", ".mjs")
        if not GENERATED.search(text(file)[:400]) and "migrations/versions" not in name(file)
    }
    assert {file: length for file, length in lengths.items() if length > LONGEST} == {}


def test_every_module_says_what_it_is_for() -> None:
    assert [name(file) for file in ending(".py") if not ast.get_docstring(parsed(file))] == []


def test_no_file_or_folder_has_a_name_that_says_nothing() -> None:
    def words(file: Path) -> set[str]:
        parts = file.relative_to(ROOT).parts
        return {part.split(".")[0].lower() for part in parts}

    assert [name(file) for file in files() if words(file) & EMPTY_NAMES] == []


def modules_with_tests() -> list[Path]:
    return [file for file in ending(".py") if file.name.startswith("test_")]


@pytest.mark.parametrize("file", modules_with_tests(), ids=name)
def test_every_test_can_fail(file: Path) -> None:
    """A test asserts, expects an exception or fails in words, by itself or in a function of the tests that it calls."""
    stating = stating_functions(file)
    tests = {function.name for function in functions_of(file) if function.name.startswith("test_")}
    assert tests - stating == set()


def functions_of(file: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(parsed(file)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def stating_functions(file: Path) -> set[str]:
    """The names in this file of functions that state something, through whatever they call."""
    functions = functions_of(file)
    stating = {function.name for function in functions if any(map(states_something, ast.walk(function)))}
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests."):
            source = ROOT.joinpath(*(node.module or "").split(".")).with_suffix(".py")
            stating |= {alias.name for alias in node.names} & (stating_functions(source) if source.exists() else set())
    while more := {f.name for f in functions if f.name not in stating and called_in(f) & stating}:
        stating |= more
    return stating


def called_in(function: ast.AST) -> set[str]:
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return {called.id for called in calls if isinstance(called, ast.Name)}


def states_something(node: ast.AST) -> bool:
    match node:
        case ast.Assert():
            return True
        case ast.Call(func=ast.Attribute(attr=word)) | ast.Call(func=ast.Name(id=word)):
            return word in {"raises", "fail", "warns"} or word.startswith(("expect", "assert", "check", "must"))
    return False
