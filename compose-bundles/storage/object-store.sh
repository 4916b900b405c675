#!/bin/sh
# The Versity S3 Gateway on the volume /data, with the key of its root user from a file.
set -eu

mkdir -p /data/objects /data/versions /data/users
ROOT_ACCESS_KEY_ID=root
ROOT_SECRET_ACCESS_KEY="$(cat /secrets/s3-root-key)"
export ROOT_ACCESS_KEY_ID ROOT_SECRET_ACCESS_KEY

# What it does is told to monitoring/s3-exporter, and to nobody where that does not run.
exec versitygw --port :7070 --health /health --quiet --iam-dir /data/users \
  --metrics-service-name s3 --metrics-dogstatsd-servers 127.0.0.1:9125 \
  posix --versioning-dir /data/versions /data/objects
