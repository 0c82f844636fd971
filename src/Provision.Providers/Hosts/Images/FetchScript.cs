namespace Provision.Providers.Hosts.Images;

/// <summary>Shell functions that fetch from web servers, by curl or else wget. The URL comes by stdin: it may hold a password.</summary>
internal static class FetchScript
{
    /// <summary>
    /// <c>fetch FILE SECONDS</c> goes on with what FILE holds already; a server that stalls for that long, or redirects more than ten times, is
    /// given up. The URL is read from <c>$work/url</c>. 0 whole, 1 given up with <c>$why</c>, 2 broken off and worth another try,
    /// 3 what is there cannot be gone on with.
    /// </summary>
    public const string Functions = """
        why=
        length_of() {
          # The last answer's, for each redirection has one of its own.
          awk 'tolower($1) == "content-length:" { n = $2 } tolower($1) ~ /^http\// { n = ""; code = $2 } END { print n + 0, code }' "$1" 2>/dev/null | tr -d '\r'
        }
        watch() {
          local total had told now
          had=$(stat -c %s -- "$2" 2>/dev/null || echo 0) total=0 told=
          while kill -0 "$1" 2>/dev/null; do
            if [ "$total" = 0 ]; then
              total=$(length_of "$work/headers" | cut -d ' ' -f 1)
              if [ "${total:-0}" -gt 0 ]; then
                # A file system that cannot hold it is told before it is full.
                free=$(df -P -k -- "$work" | awk 'END { print $4 }')
                if [ "$((total / 1024))" -gt "$free" ]; then
                  kill "$1" 2>/dev/null
                  wait "$1" 2>/dev/null || :
                  fail "$parent has $((free / 1024)) MiB free, and $((total / 1048576)) MiB are to be fetched." 28
                fi
                total=$((total + had))
              else
                total=0
              fi
            fi
            now=$(stat -c %s -- "$2" 2>/dev/null || echo 0)
            if [ "$now" != "$told" ]; then echo "@% $now $total fetching the image"; told=$now; fi
            sleep "$3"
          done
        }
        fetch() {
          local code pid answer
          : >"$work/headers"
          if command -v curl >/dev/null; then
            sed 's/\\/\\\\/g; s/"/\\"/g; s/^/url = "/; s/$/"/' "$work/url" >"$work/config"
            curl -q -sS -f -L -g --max-redirs 10 --proto '=http,https' --proto-redir '=http,https' --connect-timeout "$2" --speed-limit 1 --speed-time "$2" \
              -C - -D "$work/headers" -o "$1" -K "$work/config" 2>"$work/said" &
          elif command -v wget >/dev/null; then
            wget --no-config -nv --server-response --max-redirect=10 --tries=1 --timeout="$2" -c -O "$1" -i "$work/url" 2>"$work/headers" &
          else
            fail 'There is neither curl nor wget on the host; the package curl has one.' 69
          fi
          pid=$!
          watch "$pid" "$1" "${3:-0.5}"
          code=0
          wait "$pid" || code=$?
          [ "$code" != 0 ] || return 0
          answer=$(length_of "$work/headers" | cut -d ' ' -f 2)
          if command -v curl >/dev/null; then
            why=$(tail -n 1 "$work/said" | sed 's/^curl: ([0-9]*) //')
            case $code in
              22) if [ "$answer" = 416 ]; then return 3; fi; why="it answers $answer" ;;
              23) fail "what was fetched cannot be written: $why" 28 ;;
              28) why="nothing came for $2 s" ;;
              33) return 3 ;;
              36) return 3 ;;
              18 | 52 | 55 | 56 | 92) return 2 ;;
              47) why='it redirects again and again' ;;
            esac
          else
            why=$(sed '/^ /d; /^$/d' "$work/headers" | tail -n 1)
            case $code in
              3) fail "what was fetched cannot be written: $why" 28 ;;
              4) case $why in *timed\ out*) why="nothing came for $2 s" ;; *) return 2 ;; esac ;;
              8) if [ "$answer" = 416 ]; then return 3; fi
                if grep -q 'redirections exceeded' "$work/headers"; then why='it redirects again and again'; else why="it answers $answer"; fi ;;
            esac
          fi
          return 1
        }
        # Without what may stand before the host.
        shown_url() { sed 's,//[^/@]*@,//,; s,?.*,,' "$work/url"; }

        """;
}
