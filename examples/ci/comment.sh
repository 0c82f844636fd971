#!/bin/sh
# Posts a report on a pull request of GitHub or a merge request of GitLab, as one comment that later runs edit:
#   comment.sh <report.json>
# Where the report has no changes and there is no comment yet, it posts nothing.
#   GitHub: GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN, PULL_REQUEST (its number), and COMMENT_AUTHOR where the token is not the job's own
#   GitLab: CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID, COMMENT_TOKEN (a token with the scope `api`)
# Needs curl and jq.
set -eu

report=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The Markdown is made here, of data that may come from elsewhere: another job's Markdown could say anything to anybody.
changes=0
"${PROVISION:-provision}" diff --report "$report" --markdown --detailed-exitcode > "$work/comment.md" 2> "$work/errors" || changes=$?
if [ ! -s "$work/comment.md" ]; then
    cat "$work/errors" >&2
    exit 1
fi
jq --raw-input --slurp '{body: .}' < "$work/comment.md" > "$work/body.json"
marker=$(head -n 1 "$work/comment.md")

# request <method> <url> [<body>]: the answer. The token goes through standard input, because everybody on the machine can read a command line.
request() {
    printf 'header = "%s"\n' "$token" "Accept: application/json" "Content-Type: application/json" |
        curl --config - --silent --show-error --fail --max-time 60 --request "$1" ${3:+--data-binary "@$3"} "$2"
}

if [ -n "${GITHUB_REPOSITORY:-}" ]; then
    token="Authorization: Bearer $GITHUB_TOKEN"
    list=$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments
    one=$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues/comments
    edit=PATCH
    # A job's own token cannot ask who it is; nobody else can have this name.
    author=${COMMENT_AUTHOR:-github-actions[bot]}
    writer=user.login
else
    token="PRIVATE-TOKEN: $COMMENT_TOKEN"
    list=$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID/notes
    one=$list
    edit=PUT
    request GET "$CI_API_V4_URL/user" > "$work/user.json"
    author=$(jq --raw-output .username "$work/user.json")
    writer=author.username
fi

# Everybody can write the marker into a comment: only one that the token's own user wrote is ours.
id=
page=1
while [ -z "$id" ]; do
    request GET "$list?per_page=100&page=$page" > "$work/page.json"
    [ "$(jq length "$work/page.json")" -gt 0 ] || break
    id=$(jq --arg writer "$writer" --arg author "$author" --arg marker "$marker" \
        '[.[] | select(getpath($writer / ".") == $author and (.body // "" | startswith($marker)))][0].id // empty' "$work/page.json")
    page=$((page + 1))
done

if [ -n "$id" ]; then
    request "$edit" "$one/$id" "$work/body.json" > "$work/answer.json"
    echo "Comment $id says so now."
elif [ "$changes" -eq 0 ]; then
    echo "Nothing changes, and no comment said anything else."
else
    request POST "$list" "$work/body.json" > "$work/answer.json"
    echo "Comment $(jq .id "$work/answer.json") is new."
fi
