"""What the package's source says of itself, read without importing it.

The API process answers for every step's code version but must not import a step: that takes
seconds. So imports are followed in the syntax tree, inside functions too.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PACKAGE = "breadthflow_engine"
# These two are in the import path of every module, and say nothing about what a step does.
_NOT_FOLLOWED = frozenset({PACKAGE, f"{PACKAGE}.steps"})


@dataclass(frozen=True)
class _Source:
    """One file: its hash with `\\n` line ends, and the modules of this package that it names."""

    sha256: str
    names: frozenset[str]


class SourceTree:
    """The package's modules by dotted name. Files are read again only when they changed.

    Args:
        root: the folder of the package, or None for the one that this module is in.
    """

    def __init__(self, root: Path | None = None) -> None:
        self._root = root or Path(__file__).resolve().parent
        self._sources: dict[tuple[Path, int, int], _Source] = {}

    def code_sha256(self, modules: list[str]) -> str:
        """SHA-256 over everything that `modules` import from this package, directly or not,
        with the data files that lie in those packages."""
        digest = hashlib.sha256()
        for path in self._closure(modules):
            name = path.relative_to(self._root).as_posix()
            digest.update(f"{name}\0{self._source(path).sha256}\n".encode())
        return digest.hexdigest()

    def has(self, module: str) -> bool:
        return self._file(module) is not None

    def files_of(self, modules: list[str]) -> list[str]:
        """Relative paths of the files that `code_sha256` covers."""
        return [path.relative_to(self._root).as_posix() for path in self._closure(modules)]

    def step_fields(self, module: str) -> dict[str, Any]:
        """The literal arguments of the module's `STEP = Step(...)`, wherever it is imported from.

        Raises:
            LookupError: if there is no such assignment.
        """
        path = self._file(module)
        if path is None:
            raise LookupError(f"there is no module {module}")
        body = ast.parse(path.read_bytes()).body
        constants: dict[str, Any] = {}
        for node in body:
            if isinstance(node, ast.ImportFrom):
                bound = {alias.asname or alias.name: alias.name for alias in node.names}
                if bound.get("STEP") == "STEP":
                    return self.step_fields(self._base(node, module, path))
            target, value = _assignment(node)
            if target == "STEP" and isinstance(value, ast.Call):
                said = {k.arg: _literal(k.value, constants) for k in value.keywords if k.arg}
                return {name: value for name, value in said.items() if value is not None}
            if target and value is not None:
                constants[target] = _literal(value, constants)
        raise LookupError(f"{module} has no STEP = Step(...)")

    def _closure(self, modules: list[str]) -> list[Path]:
        files: set[Path] = set()
        waiting = list(modules)
        seen: set[str] = set()
        while waiting:
            module = waiting.pop()
            if module in seen:
                continue
            seen.add(module)
            path = self._file(module)
            if path is None:
                continue
            found = {path}
            if path.name == "__init__.py":
                found |= {
                    file
                    for file in path.parent.iterdir()
                    if file.is_file() and file.suffix not in (".py", ".pyc", ".pyi")
                }
            files |= found
            waiting += self._source(path).names
        return sorted(files)

    def _source(self, path: Path) -> _Source:
        stat = path.stat()
        known = (path, stat.st_mtime_ns, stat.st_size)
        if known not in self._sources:
            text = path.read_bytes().replace(b"\r\n", b"\n")
            names = frozenset(self._names(text, path)) if path.suffix == ".py" else frozenset()
            self._sources[known] = _Source(hashlib.sha256(text).hexdigest(), names)
        return self._sources[known]

    def _names(self, text: bytes, path: Path) -> Iterator[str]:
        """Modules of this package that a source file imports or names in a string."""
        module = self._module(path)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield from self._with_parents(alias.name)
            elif isinstance(node, ast.ImportFrom):
                base = self._base(node, module, path)
                yield from self._with_parents(base)
                for alias in node.names:
                    yield from self._with_parents(f"{base}.{alias.name}")
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                # A loader or runtime that is handed to another program by name.
                yield from self._with_parents(node.value)

    def _with_parents(self, name: str) -> Iterator[str]:
        if not name.startswith(f"{PACKAGE}.") or not name.replace(".", "").isidentifier():
            return
        parts = name.split(".")
        for length in range(2, len(parts) + 1):
            dotted = ".".join(parts[:length])
            if dotted not in _NOT_FOLLOWED and self._file(dotted):
                yield dotted

    def _base(self, node: ast.ImportFrom, module: str, path: Path) -> str:
        if node.level == 0:
            return node.module or ""
        package = module.split(".")
        up = node.level - (1 if path.name == "__init__.py" else 0)
        base = package[: len(package) - up] if up else package
        return ".".join([*base, *([node.module] if node.module else [])])

    def _module(self, path: Path) -> str:
        parts = path.relative_to(self._root).with_suffix("").parts
        return ".".join([PACKAGE, *(parts[:-1] if parts[-1] == "__init__" else parts)])

    def _file(self, module: str) -> Path | None:
        path = self._root.joinpath(*module.split(".")[1:])
        for candidate in (path / "__init__.py", path.with_suffix(".py")):
            if candidate.is_file():
                return candidate
        return None


def _assignment(node: ast.stmt) -> tuple[str | None, ast.expr | None]:
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
    elif isinstance(node, ast.AnnAssign):
        target = node.target
    else:
        return None, None
    return (target.id if isinstance(target, ast.Name) else None), node.value


def _literal(node: ast.expr, constants: dict[str, Any]) -> Any:
    """The value of a literal or of a constant of the module; None for anything else."""
    if isinstance(node, ast.Name):
        return constants.get(node.id)
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None
