#!/bin/sh
# Shows what a change of the definitions would do, and fails where that needs somebody's eye.
#   review.sh <base> [<head>]   compares; without a head, with the working tree
#   review.sh                   shows the report that is in $OUT already, made by another job
# Writes report.json, comment.md and page.html into $OUT (review), and the text to standard output. Ends with the exit code of
# `provision diff --fail-on $FAIL_ON` (delete,replace): 5 where it would do such a thing, 1 where the head cannot be brought up.
set -eu

out=${OUT:-review}
provision=${PROVISION:-provision}
report=$out/report.json

# A head that cannot be brought up has a report that says so: only without a report there is nothing to show.
made() { [ -s "$1" ] || exit "$2"; }

if [ $# -gt 0 ]; then
    mkdir -p "$out"
    code=0
    # Three dots: from where the two parted, so that what others did meanwhile is not part of this change.
    "$provision" diff "$1${2:+...$2}" --json > "$report" 2> "$out/errors" || code=$?
    [ -s "$report" ] || cat "$out/errors" >&2
    rm "$out/errors"
    made "$report" "$code"
fi

# The definitions are evaluated once; the rest is made of the report.
code=0
"$provision" diff --report "$report" --markdown > "$out/comment.md" 2> /dev/null || code=$?
made "$out/comment.md" "$code"
"$provision" diff --report "$report" --html > "$out/page.html" 2> /dev/null || code=$?
made "$out/page.html" "$code"
exec "$provision" diff --report "$report" --fail-on "${FAIL_ON-delete,replace}"
