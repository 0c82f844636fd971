#!/bin/sh
# Makes a git repository with the history that the recipes are tried with, in a folder that is not there yet:
#   history.sh <folder>
# Every step is a commit with a tag of its name. Authors and dates are fixed, so that the ids are the same every time.
set -eu

sources=$(cd "$(dirname "$0")/history" && pwd)
mkdir -p "$1"
cd "$1"

# Nothing of the person's own git: a hook, a signature or another line end would make other ids.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=Teacher GIT_AUTHOR_EMAIL=teacher@example.edu GIT_COMMITTER_NAME=Teacher GIT_COMMITTER_EMAIL=teacher@example.edu
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
git init --quiet --template= --object-format=sha1 --initial-branch=main

# step <tag> <subject>: commits what has changed since the step before. Its number makes the date.
step() {
    git add --all
    hour=$((${1%%-*} / 10 + 8))
    GIT_AUTHOR_DATE="2026-01-$(printf %02d "$hour")T09:00:00Z" GIT_COMMITTER_DATE="2026-01-$(printf %02d "$hour")T09:00:00Z" git commit --quiet --message "$2"
    git tag "$1"
}

# edit <file> <sed expression>: changes a file, and fails where that changes nothing.
edit() {
    sed "$2" "stacks/$1" > edited
    if cmp -s edited "stacks/$1"; then
        echo "history.sh: '$2' changes nothing in $1" >&2
        exit 1
    fi
    mv edited "stacks/$1"
}

cp -R "$sources/start/." .
step 00-start 'Declare the machines, the wiki and the play room'

printf 'grace,grace@example.edu\nedsger,edsger@example.edu\n' >> stacks/students.csv
step 10-students-added 'Enrol Grace and Edsger'

edit Pulumi.networks.yaml 's/256MiB/512MiB/'
step 20-memory-raised 'Give every desk more memory'

edit Wiki.cs 's|postgres:17.5-alpine|postgres:17.6-alpine|'
step 30-image-bumped 'Take the latest PostgreSQL 17'

edit Networks.cs 's|10.60.0.0/24|10.60.0.0/23|'
step 40-network-resized 'Make room for 500 desks'

cp -R "$sources/refactored/." .
step 50-refactored 'Say the same in fewer words'

rm stacks/Playroom.cs stacks/Pulumi.playroom.yaml
step 60-stack-deleted 'Close the play room'

edit Networks.cs 's/"gateway"/"router"/'
step 70-machine-renamed 'Call the router what it is'

edit Networks.cs '/MachineDisk/d'
step 80-disk-removed 'Keep no homes on the desks'

edit Networks.cs 's/Memory = 128.MiB/Memory = 128.MegaBytes/'
step 90-does-not-compile 'Give the router as much as before'
