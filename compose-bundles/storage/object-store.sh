#!/bin/sh
# The Versity S3 Gateway on the volume /data, with the key of its root user from a file.
set -eu

mkdir -p /data/objects /data/versions /data/users
ROOT_ACCESS_KEY_ID=root
ROOT_SECRET_ACCESS_KEY="$(cat /secrets/s3-root-key)"
export ROOT_ACCESS_KEY_ID ROOT_SECRET_ACCESS_KEY

exec versitygw --port :7070 --health /health --quiet --iam-dir /data/users \
  posix --versioning-dir /data/versions /data/objects
