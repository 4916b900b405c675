"""What is brought back, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from stored_artifacts import MADE, ObjectFolder, Workspace, files_of

from breadthflow_engine.artifacts import MANIFEST
from breadthflow_engine.protocol.step import Artifact

# A name as a manifest may not have it.
OUTSIDE = (
    "../../../escaped",
    "ball/../../escaped",
    "/ROOT/escaped",
    "..\\escaped",
    "C:escaped",
    "ball//escaped",
    "./escaped",
    "ball/",
    "",
    "..",
    MANIFEST,
    "x\x00y",
    "x" * 300,
    "colour.txt",
    "colour.txt/escaped",
)


def kept(objects: ObjectFolder, artifact: Artifact) -> Path:
    made_by = artifact.manifest.made_by
    return objects.root / made_by.step / made_by.key


def test_an_artifact_comes_back_byte_for_byte_and_its_step_is_not_run(
    workspace: Workspace, another: Workspace
):
    made = workspace.run("spin")
    back = another.run("spin")
    assert MADE == ["spin"]
    assert files_of(back.path) == files_of(made.path)
    assert [path.name for path in back.path.parent.iterdir()] == [back.path.name]
    (told,) = another.logs
    size = sum(file.bytes for file in made.manifest.files)
    assert told.level == "info"
    assert told.fields["bytes"] == size
    assert told.fields["seconds"] >= 0
    assert told.message.startswith(
        "Brought back from s3://engine/artifacts instead of being made: 0.0 MB in "
    )


def test_its_manifest_comes_back_as_it_was_written(
    workspace: Workspace, another: Workspace, objects: ObjectFolder
):
    """Another version of the engine may write the same in another way."""
    path = kept(objects, workspace.run("spin")) / MANIFEST
    written = json.dumps(json.loads(path.read_text("utf-8")), indent=3).encode()
    path.write_bytes(written)
    assert (another.run("spin").path / MANIFEST).read_bytes() == written


def test_what_is_in_the_workspace_is_not_looked_for(workspace: Workspace, objects: ObjectFolder):
    sock = workspace.run("knit", yarn=workspace.run("spin"))
    (kept(objects, sock) / "sock.txt").write_text("moth")
    workspace.run("knit", yarn=workspace.run("spin"))
    assert workspace.warnings == []
    assert MADE == ["spin", "knit"]


def change(name: str, text: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_text(text, encoding="utf-8") and None


def rewrite(**fields: object) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        manifest["made_by"] |= fields
        (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")

    return write


DAMAGE = {
    "another byte": (change("colour.txt", "rad"), "colour.txt has other contents"),
    "too short": (change("colour.txt", "re"), "colour.txt has 2 bytes instead of 3"),
    "too long": (
        change("colour.txt", "redder"),
        "colour.txt has more than its 3 bytes",
    ),
    "one is missing": (
        lambda folder: (folder / "colour.txt").unlink(),
        "colour.txt is missing",
    ),
    "no manifest": (change(MANIFEST, "{"), "is not a manifest"),
    "an endless manifest": (change(MANIFEST, "{" * (65 << 20)), "is longer than any manifest"),
    "another's key": (rewrite(key="0" * 64), "is of another artifact"),
    "another's step": (rewrite(step="knit"), "is of another artifact"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_copy_is_refused_and_told_and_the_step_made_and_kept_anew(
    workspace: Workspace, another: Workspace, objects: ObjectFolder, kind: str
):
    damage, why = DAMAGE[kind]
    place = kept(objects, workspace.run("spin"))
    damage(place)
    objects.done.clear()
    anew = another.run("spin")
    assert MADE == ["spin", "spin"]
    (warning,) = another.warnings
    assert why in warning
    # Without its manifest first: what is half replaced is nothing, too.
    assert objects.done[0] == f"-{place.relative_to(objects.root).as_posix()}/{MANIFEST}"
    assert objects.done[-1] == f"+{place.relative_to(objects.root).as_posix()}/{MANIFEST}"
    assert files_of(place) == files_of(anew.path)


@pytest.mark.parametrize("name", OUTSIDE)
def test_no_manifest_can_have_a_file_written_outside_of_its_artifact(
    workspace: Workspace,
    another: Workspace,
    objects: ObjectFolder,
    tmp_path: Path,
    name: str,
):
    place = kept(objects, workspace.run("spin"))
    manifest = json.loads((place / MANIFEST).read_text("utf-8"))
    (empty,) = [file for file in manifest["files"] if file["bytes"] == 0]
    named = name.replace("/ROOT", str(tmp_path))
    manifest["files"].append({**empty, "path": named})
    (place / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    another.run("spin")
    (warning,) = another.warnings
    assert "its manifest names a file" in warning
    assert MADE == ["spin", "spin"]
    assert list(tmp_path.rglob("*escaped*")) == []


def test_no_file_outside_of_an_input_is_kept(
    workspace: Workspace, objects: ObjectFolder, tmp_path: Path
):
    """The store is not a way to read files of others, whatever a manifest says."""
    yarn = workspace.run("spin")
    secret = tmp_path / "secret"
    secret.write_bytes(b"")
    manifest = json.loads((yarn.path / MANIFEST).read_text("utf-8"))
    (empty,) = [file for file in manifest["files"] if file["bytes"] == 0]
    manifest["files"].append({**empty, "path": "../../../../secret"})
    (yarn.path / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    (kept(objects, yarn) / MANIFEST).unlink()
    objects.done.clear()
    workspace.run("knit", yarn=yarn)
    assert [name for name in objects.done if name.startswith("+spin")] == []
    assert len(workspace.warnings) == 1
