"""Makes the secrets that are missing: `python -m container.make_secrets FOLDER NAME[=OF][:UID]...`.

A secret that is there stays as it is: what was set up with it would not know another. One that is
given in the variable `BREADTHFLOW_NAME` (in capitals, with underscores) is taken as it is given.
`NAME=OF` is the secret OF once more, for another user.
"""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

SERVICE_UID = 10001


def main(arguments: list[str]) -> None:
    folder = Path(arguments[0])
    for wanted in arguments[1:]:
        names, _, uid = wanted.partition(":")
        name, _, of = names.partition("=")
        given = (
            (folder / of).read_text()
            if of
            else os.environ.get(f"BREADTHFLOW_{name.upper().replace('-', '_')}")
        )
        place(folder / name, given or None, int(uid or SERVICE_UID))


def place(path: Path, given: str | None, uid: int) -> None:
    if path.exists() and (given is None or path.read_text() == given):
        os.chown(path, uid, uid)
        return
    aside = path.with_name(f".{path.name}")
    aside.unlink(missing_ok=True)
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(descriptor, "w") as file:
        file.write(given or secrets.token_urlsafe(32))
    os.chown(aside, uid, uid)
    aside.rename(path)
    sys.stdout.write(f"made {path.name}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
