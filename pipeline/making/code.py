"""The code that a function depends on: every module of this package that its module loads, however far, and
what lies beside these and is no Python (the page's styles and scripts).

Found in the source by what it imports, inside functions too, but not for type checkers alone; nothing is
loaded.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

PACKAGE = "pipeline"
ROOT = Path(__file__).resolve().parents[2]
#: What these say is compared by itself (what a step reads, its settings), or has no part in what it writes.
NOT_FOLLOWED = ("pipeline.registry", "pipeline.making")
#: Packages that only list their modules: who loads one of these depends on that one, not on all of them.
LISTS = ("pipeline.commands",)
SKIPPED = ("__pycache__",)


@cache
def module_file(module: str) -> Path | None:
    """The file of a module of this package.

    Parameters
    ----------
    module : str
        Dotted name.

    Returns
    -------
    Path or None
        `__init__.py` of a package; None: there is no such module.
    """
    place = ROOT.joinpath(*module.split("."))
    for path in (place / "__init__.py", place.with_suffix(".py")):
        if path.is_file():
            return path
    return None


@cache
def imported(source: bytes, module: str, *, is_package: bool = False) -> Sequence[str]:
    """The names of this package that the source of a module imports, whether they are modules or in one.

    Parameters
    ----------
    source : bytes
        Of the module.
    module : str
        Its dotted name, against which relative imports are resolved.
    is_package : bool, default False
        The source is an `__init__.py`.

    Returns
    -------
    tuple of str
        Dotted names, each once, in the order of the source. Imports for type checkers alone are left out.

    Raises
    ------
    SyntaxError
        The source is not Python.
    """
    package = module if is_package else module.rpartition(".")[0]
    found: dict[str, None] = {}
    for node in _nodes_that_run(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            names = [base, *(f"{base}.{alias.name}" for alias in node.names)]
        else:
            continue
        found.update(dict.fromkeys(name for name in names if name.split(".")[0] == PACKAGE))
    return tuple(found)


def _nodes_that_run(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node of the syntax tree but those under `if TYPE_CHECKING`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            for other in node.orelse:
                yield other
                yield from _nodes_that_run(other)
            continue
        yield node
        yield from _nodes_that_run(node)


def closure(modules: Iterable[str], imports_of: Callable[[Path, str], Sequence[str]]) -> list[Path]:
    """The files that these modules depend on, themselves too, in order.

    Parameters
    ----------
    modules : iterable of str
        Dotted names.
    imports_of : callable
        Gives what a file (first argument), which is the module of that name (second), imports: `imported` of
        its source, which the caller may remember.

    Returns
    -------
    list of Path
        Sorted. Modules, the packages that they are in, and the files beside these that are no Python;
        NOT_FOLLOWED and LISTS are left out.
    """
    files: dict[str, Path] = {}
    ahead = list(modules)
    while ahead:
        name = ahead.pop()
        parts = name.split(".")
        for module in (".".join(parts[:n]) for n in range(1, len(parts) + 1)):
            if module in files or module in LISTS or module.startswith(NOT_FOLLOWED):
                continue
            path = module_file(module)
            if path is None:  # a name in the module before
                break
            files[module] = path
            ahead += imports_of(path, module)
    beside = {path for path in files.values() if path.name == "__init__.py"}
    return sorted({*files.values(), *(file for path in beside for file in _other_files(path.parent))})


@cache
def _other_files(folder: Path) -> tuple[Path, ...]:
    """The files of a package that are not Python, also in its folders that are not packages."""
    found: list[Path] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in SKIPPED:
            continue
        if not path.is_dir():
            found += [path] if path.suffix != ".py" else []
        elif not (path / "__init__.py").exists():
            found += _other_files(path)
    return tuple(found)
