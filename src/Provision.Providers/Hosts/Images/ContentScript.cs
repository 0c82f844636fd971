namespace Provision.Providers.Hosts.Images;

/// <summary>
/// Shell programs that keep shared, content-addressed folders. Each does its work under one lock, in one command, so that a run that is
/// killed leaves either a complete folder with its user's entry, or a <c>.new-…</c> that the next run clears.
/// </summary>
/// <remarks>
/// <code>
/// /var/lib/provision/kernels/            the parent; locked itself, so that no lock file stays behind
///   8c1f…/                               complete: moved here whole
///     .provision                         "version 6.1.0-56" …, and "file &lt;bytes&gt; &lt;name&gt;" for each file
///     users/3fa9…                        one a resource: urn, key, generation
///     vmlinuz …
///   .new-8c1f…/                          being made, and locked while it is
/// </code>
/// What a program says: <c>@ text</c> or <c>@% done total text</c> is progress, <c>= name text</c> a result, <c>! text</c> on stderr why it failed.
/// </remarks>
internal static class ContentScript
{
    public const int NotThere = 44;
    public const int NoProgram = 69;
    public const int NoSpace = 28;
    public const int WrongContent = 65;
    public const int NotReached = 75;
    public const int NoRights = 77;

    /// <summary>Parameters of all: 1 parent, 2 name, 3 the user's entry, 4 urn, 5 key.</summary>
    private const string Prelude = """
        set -eu
        umask 022
        parent=$1 name=$2 user=$3 urn=$4 key=$5
        final=$parent/$name
        shift 5
        fail() { echo "! $1" >&2; exit "${2:-1}"; }
        program() { command -v "$1" >/dev/null || fail "There is no $1 on the host; it is in the package $2." 69; }
        take() {
          while :; do
            mkdir -p -- "$1"
            eval "exec $2<\"\$1\""
            flock -n "$2" || { echo '@ waiting for another run to finish with it'; flock "$2"; }
            # Whoever held the lock may have moved or removed the folder.
            [ "$(stat -L -c %i "/proc/self/fd/$2")" != "$(stat -c %i -- "$1" 2>/dev/null)" ] || return 0
          done
        }
        whole() {
          [ -f "$1/.provision" ] || return 1
          while read -r kind size file; do
            [ "$kind" != file ] || [ "$(stat -L -c %s -- "$1/$file" 2>/dev/null)" = "$size" ] || return 1
          done <"$1/.provision"
        }
        join() {
          mkdir -p "$1/users"
          generation=$(sed -n 's/^generation //p' "$1/users/$user" 2>/dev/null || :)
          printf 'urn %s\nkey %s\ngeneration %s\n' "$urn" "$key" "$((${generation:-0} + 1))" >"$1/.user"
          mv -f -- "$1/.user" "$1/users/$user"
        }
        tell() {
          echo "= path $1"
          sed -n '/^file /!s/^/= /p' "$1/.provision" "$1/users/$2"
        }

        """;

    /// <summary>Takes a complete folder for one more user.</summary>
    public const string Join = Prelude + """
        [ -d "$final" ] || exit 44
        take "$parent" 9
        whole "$final" || exit 44
        join "$final"
        tell "$final" "$user"
        """;

    /// <summary>All folders in which a user has an entry.</summary>
    public const string Find = Prelude + """
        for entry in "$parent"/*/users/"$user"; do
          [ -f "$entry" ] || continue
          folder=${entry%/users/*}
          if whole "$folder"; then tell "$folder" "$user"; fi
        done
        """;

    /// <summary>Looks at many: the further parameters are pairs of path and user's entry.</summary>
    public const string Look = Prelude + """
        while [ "$#" -gt 1 ]; do
          if [ -f "$1/users/$2" ] && whole "$1"; then tell "$1" "$2"; fi
          shift 2
        done
        """;

    /// <summary>
    /// Takes a user's entry away, and the folder with the last one. Further: 1 the generation that is deleted, 2 "keep" to leave the
    /// folder without users, 3 "look" to say only whether the folder would go.
    /// </summary>
    public const string Leave = Prelude + """
        [ -d "$final" ] || { echo '= left gone'; exit 0; }
        take "$parent" 9
        [ -f "$final/users/$user" ] || { echo '= left gone'; exit 0; }
        generation=$(sed -n 's/^generation //p' "$final/users/$user")
        if [ "$1" -lt "${generation:-0}" ]; then echo '= left newer'; exit 0; fi
        others=$(find "$final/users" -mindepth 1 ! -name "$user" | wc -l)
        if [ "$others" -gt 0 ]; then rm -f -- "$final/users/$user"; echo '= left shared'; exit 0; fi
        if [ "$2" = keep ]; then rm -f -- "$final/users/$user"; echo '= left kept'; exit 0; fi
        if [ "$3" = look ]; then echo '= left last'; exit 0; fi
        rm -rf -- "$parent/.old-$name"
        mv -T -- "$final" "$parent/.old-$name"
        rm -rf -- "$parent/.old-$name"
        rmdir -- "$parent" 2>/dev/null || :
        echo '= left removed'
        """;

    private const string BuildHead = """
        new=$parent/.new-$name made=$parent/.new-$name/made work=$parent/.new-$name/work
        take "$new" 9
        for old in "$parent"/.new-* "$parent"/.old-*; do
          [ -d "$old" ] && [ "$old" != "$new" ] || continue
          ( exec 7<"$old" && flock -n 7 && rm -rf -- "$old" ) || :
        done
        trap 'code=$?; [ $code = 0 ] || rm -rf -- "$new"' EXIT
        trap 'exit 143' TERM INT HUP PIPE
        take "$parent" 8
        if whole "$final"; then join "$final"; tell "$final" "$user"; rm -rf -- "$new"; exit 0; fi
        exec 8<&-
        find "$new" -mindepth 1 -delete
        mkdir "$made" "$work"
        export TMPDIR="$work"
        fact() { printf '%s %s\n' "$1" "$2" >>"$work/.facts"; }
        room() {
          free=$(df -P -k -- "$new" | awk 'END { print $4 }')
          [ "$free" -ge "$1" ] || fail "$parent has $((free / 1024)) MiB free, and $(($1 / 1024)) MiB are needed." 28
        }

        """;

    private const string BuildTail = """

        cd "$made"
        for file in *; do fact file "$(stat -c %s -- "$file") $file"; done
        chmod 0644 -- *
        sync -- * 2>/dev/null || :
        cp -- "$work/.facts" .provision
        mkdir users
        join "$made"
        cd /
        take "$parent" 8
        # What lies there under that name is not whole: cut short by a person or a full disk.
        rm -rf -- "$final"
        mv -T -- "$made" "$final"
        tell "$final" "$user"
        rm -rf -- "$new"
        """;

    /// <summary>
    /// Makes a folder unless it is there. The body writes files into <c>$made</c>, works in <c>$work</c>, and says facts by <c>fact NAME TEXT</c>.
    /// </summary>
    public static string Build(string body) => Prelude + BuildHead + body + BuildTail;
}
