#!/bin/sh
# Builds Provision from its repository, unless it is there already (from the job's cache):
#   install.sh <folder>
# PROVISION_SOURCE is the repository's address, PROVISION_REF the commit to build: name one by its id, because a tag can be moved.
set -eu

[ ! -x "$1/provision" ] || exit 0
sources=$(mktemp -d)
trap 'rm -rf "$sources"' EXIT
git clone --quiet "$PROVISION_SOURCE" "$sources"
git -C "$sources" checkout --quiet --detach "$PROVISION_REF"
dotnet publish "$sources/src/Provision.Cli" --configuration Release --output "$1"
