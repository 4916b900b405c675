"""What the source files say of the steps is what the steps are."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from breadthflow_engine.capabilities import CapabilityReader
from breadthflow_engine.locks import lock_sha256
from breadthflow_engine.source_tree import SourceTree
from breadthflow_engine.steps import STEP_ENVIRONMENTS, load_step


@pytest.mark.parametrize("name", STEP_ENVIRONMENTS)
def test_the_sources_and_the_imported_step_agree(name: str):
    (read,) = [step for step in CapabilityReader().read().steps if step.name == name]
    step = load_step(name)
    assert (step.name, step.version) == (name, read.version)
    assert list(step.inputs) == read.inputs
    assert list(step.sources) == read.sources
    said = SourceTree().step_fields(f"breadthflow_engine.steps.{name}")
    assert (step.bound_to, step.trials) == (said.get("bound_to"), said.get("trials"))


def test_every_step_has_a_code_version_of_its_own():
    codes = [step.code for step in CapabilityReader().read().steps]
    assert len(set(codes)) == len(STEP_ENVIRONMENTS)


@pytest.mark.parametrize("name", STEP_ENVIRONMENTS)
def test_the_code_version_covers_every_module_that_the_step_really_imports(name: str):
    """The oracle is Python's own import system, in a process of its own."""
    program = (
        f"import sys; import breadthflow_engine.steps.{name}\n"
        "import breadthflow_engine, pathlib\n"
        "root = pathlib.Path(breadthflow_engine.__file__).parent\n"
        "for name, module in sys.modules.items():\n"
        "    if name.startswith('breadthflow_engine.') and module.__file__:\n"
        "        print(pathlib.Path(module.__file__).relative_to(root).as_posix())\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    imported = set(said.split()) - {"steps/__init__.py"}
    assert imported <= set(SourceTree().files_of([f"breadthflow_engine.steps.{name}"]))


def test_reading_capabilities_imports_no_heavy_library():
    program = (
        "import sys; from breadthflow_engine.api.app import create_app\n"
        "from breadthflow_engine.capabilities import CapabilityReader\n"
        "create_app('t'); CapabilityReader().read()\n"
        "print([n for n in ('polars', 'numpy', 'pandas', 'lightgbm') if n in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert said.strip() == "[]"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A package of four modules, one of which nobody imports."""
    for name, text in {
        "__init__.py": "",
        "steps/__init__.py": "",
        "steps/knit/__init__.py": "from breadthflow_engine.steps.knit.step import STEP\n",
        "steps/knit/step.py": (
            "from . import pattern\n"
            "VERSION = '4'\n"
            "def run():\n"
            "    from breadthflow_engine.wool import yarn\n"
            "    return 'breadthflow_engine.needles.Needle'\n"
            "STEP = Step(name='knit', version=VERSION, inputs=('wool', 'dye?'), run=run)\n"
        ),
        "steps/knit/pattern.py": "",
        "steps/knit/table.json": "{}",
        "wool/__init__.py": "from breadthflow_engine import sheep\n",
        "wool/yarn.py": "",
        "sheep.py": "",
        "needles.py": "",
        "goat.py": "",
    }.items():
        path = tmp_path / "breadthflow_engine" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return tmp_path / "breadthflow_engine"


KNIT = "breadthflow_engine.steps.knit"


def test_imports_are_followed_wherever_they_are_written(house: Path):
    assert SourceTree(house).files_of([KNIT]) == [
        "needles.py",
        "sheep.py",
        "steps/knit/__init__.py",
        "steps/knit/pattern.py",
        "steps/knit/step.py",
        "steps/knit/table.json",
        "wool/__init__.py",
        "wool/yarn.py",
    ]


def test_a_steps_fields_are_read_where_it_is_made(house: Path):
    fields = SourceTree(house).step_fields(KNIT)
    assert fields == {"name": "knit", "version": "4", "inputs": ("wool", "dye?")}


def test_the_code_version_changes_with_what_the_step_uses_and_with_nothing_else(house: Path):
    tree = SourceTree(house)
    first = tree.code_sha256([KNIT])
    for name, changes in [
        ("goat.py", False),
        ("sheep.py", True),
        ("steps/knit/table.json", True),
        ("needles.py", True),
        ("__init__.py", False),
    ]:
        path = house / name
        path.write_bytes(path.read_bytes() + b"\n# changed\n")
        again = tree.code_sha256([KNIT])
        assert (again != first) is changes, name
        assert again == SourceTree(house).code_sha256([KNIT]), name
        first = again


def test_line_ends_do_not_change_the_code_version(house: Path):
    before = SourceTree(house).code_sha256([KNIT])
    path = house / "steps" / "knit" / "step.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert SourceTree(house).code_sha256([KNIT]) == before


def test_the_lock_is_the_one_of_the_environment():
    lock = Path(__file__).resolve().parents[3] / "compose-bundles" / "engine" / "locks" / "core.txt"
    text = lock.read_bytes().replace(os.linesep.encode(), b"\n")
    assert lock_sha256("core") == hashlib.sha256(text).hexdigest()
    assert lock_sha256("no-such-environment") == ""
