#!/bin/sh
# Tries review.sh with every step of the history, and compares what it shows with expected/. ACCEPT=1 rewrites that instead: look at the difference then.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A space in the path: people have them.
"$here/history.sh" "$work/a history"
cd "$work/a history"

failed=0
base=
for head in $(git tag); do
    if [ -n "$base" ]; then
        code=0
        OUT="$work/out put" "$here/review.sh" "$base" "$head" > "$work/text" 2>&1 || code=$?
        echo "exit code $code" >> "$work/text"
        cp "$work/out put/comment.md" "$work/md"
        for kind in text md; do
            expected=$here/expected/$head.$([ $kind = md ] && echo md || echo txt)
            if [ "${ACCEPT:-}" = 1 ]; then
                cp "$work/$kind" "$expected"
            elif ! diff -u "$expected" "$work/$kind"; then
                failed=1
            fi
        done
    fi
    base=$head
done
exit $failed
