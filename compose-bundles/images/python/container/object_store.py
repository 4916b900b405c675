"""Makes a bucket for each service that wants one: `python -m container.object_store NAME...`.

The bucket NAME keeps every version of its objects and belongs to the user NAME, who sees no other
bucket. The user's key stands in /secrets/NAME-s3-key, the server's in /secrets/s3-root-key. What is
there already stays; a key that was changed is set anew.

Users are made by the admin API of the Versity S3 Gateway, since S3 itself knows none.
"""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import boto3
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

SECRETS = Path("/secrets")
REGION = "us-east-1"
ROOT = "root"


def main(names: list[str]) -> None:
    for name in names:
        key = (SECRETS / f"{name}-s3-key").read_text()
        make_user(name, key)
        make_bucket(name)
        client(name, key).put_bucket_versioning(
            Bucket=name, VersioningConfiguration={"Status": "Enabled"}
        )
        sys.stdout.write(f"bucket {name} is there\n")


def client(user: str, key: str) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=os.environ["AWS_ENDPOINT_URL_S3"],
        region_name=REGION,
        aws_access_key_id=user,
        aws_secret_access_key=key,
    )


def make_user(name: str, key: str) -> None:
    account = ElementTree.Element("Account")
    for field, value in (("Access", name), ("Secret", key), ("Role", "user")):
        ElementTree.SubElement(account, field).text = value
    if ask("create-user", ElementTree.tostring(account)) == "XAdminUserExists":
        changes = ElementTree.Element("MutableProps")
        ElementTree.SubElement(changes, "Secret").text = key
        ask(f"update-user?access={name}", ElementTree.tostring(changes))


def make_bucket(name: str) -> None:
    ask(f"{name}/create", b"", {"x-vgw-owner": name})


# What is said of something that is there already, and there is nothing to do then.
THERE = {"XAdminUserExists", "BucketAlreadyExists", "BucketAlreadyOwnedByYou"}


def ask(path: str, body: bytes, headers: dict[str, str] | None = None) -> str | None:
    """One call of the admin API; the code of an answer that says that it is there already."""
    root = Credentials(ROOT, (SECRETS / "s3-root-key").read_text())
    url = f"{os.environ['AWS_ENDPOINT_URL_S3']}/{path}"
    request = AWSRequest(method="PATCH", url=url, data=body, headers=headers or {})
    S3SigV4Auth(root, "s3", REGION).add_auth(request)
    prepared = request.prepare()
    try:
        urllib.request.urlopen(  # noqa: S310 - the stack's own server
            urllib.request.Request(url, body, dict(prepared.headers), method="PATCH")  # noqa: S310
        ).close()
    except urllib.error.HTTPError as error:
        answer = error.read()
        code = ElementTree.fromstring(answer).findtext("Code")  # noqa: S314 - as above
        if code not in THERE:
            sys.exit(f"The object store refused {path.partition('?')[0]}: {answer.decode()}")
        return code
    return None


if __name__ == "__main__":
    main(sys.argv[1:])
