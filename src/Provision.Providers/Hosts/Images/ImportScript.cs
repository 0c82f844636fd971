namespace Provision.Providers.Hosts.Images;

/// <summary>Programs that bring in a disk image from elsewhere: verified, looked at, and as qcow2, before anybody can see it.</summary>
internal static class ImportScript
{
    /// <summary><c>take_in FILE</c>: the file becomes <c>$made/disk.qcow2</c>. What is no disk is refused.</summary>
    private const string TakeIn = """
        take_in() {
          local file magic info
          file=$1
          program qemu-img qemu-utils
          magic=$(head -c 6 -- "$file" | od -A n -t x1 | tr -d ' \n')
          case $magic in
            fd377a585a00) program xz xz-utils; unpack='xz -dc' ;;
            1f8b*) unpack='gzip -dc' ;;
            28b52ffd*) program zstd zstd; unpack='zstd -qdc' ;;
            *) unpack= ;;
          esac
          if [ -n "$unpack" ]; then
            echo '@ unpacking'
            $unpack <"$file" >"$work/unpacked" || fail "$what cannot be unpacked: it is damaged or cut short." 65
            rm -f -- "$file"
            file=$work/unpacked
            magic=$(head -c 6 -- "$file" | od -A n -t x1 | tr -d ' \n')
          fi
          case $magic in
            514649fb*)
              info=$(qemu-img info -f qcow2 --output=json "$file" 2>&1) || fail "$what is a damaged qcow2 image: $info" 65
              # It would make every guest read a file of this host.
              case $info in *'"backing-filename"'* | *'"data-file"'*) fail "$what is an overlay: its data lies in another file, which is not taken along." 65 ;; esac
              # 3: clusters that nothing uses, which hurts nobody.
              code=0
              qemu-img check -q -f qcow2 "$file" >"$work/check" 2>&1 || code=$?
              case $code in 0 | 3 | 63) ;; *) fail "$what is damaged or cut short: $(tail -n 1 "$work/check")" 65 ;; esac
              mv -- "$file" "$made/disk.qcow2"
              ;;
            4b444d56* | 76686478* | 636f6e6563* | 7f454c46* | 504b0304* | 3c21* | 3c68* | 3c48*)
              fail "$what is not a disk image that is understood: qcow2 and raw are, also packed with xz, gzip or zstd." 65 ;;
            *)
              size=$(stat -c %s -- "$file")
              mark=$(dd if="$file" bs=1 skip=510 count=2 2>/dev/null | od -A n -t x1 | tr -d ' \n')
              disc=$(dd if="$file" bs=1 skip=32769 count=5 2>/dev/null | tr -d '\000')
              ext=$(dd if="$file" bs=1 skip=1080 count=2 2>/dev/null | od -A n -t x1 | tr -d ' \n')
              [ "$disc" != CD001 ] || fail "$what is a CD's image, not a disk's." 65
              # The signature of a partition table, or ext4's.
              [ "$mark" = 55aa ] || [ "$ext" = 53ef ] || fail "$what is not a disk image: it is no qcow2, and has neither a partition table nor a file system." 65
              [ "$((size % 512))" = 0 ] || fail "$what is cut short: $size bytes are no whole number of sectors." 65
              room "$((size / 1024))"
              echo '@ making a qcow2 image of it'
              qemu-img convert -f raw -O qcow2 "$file" "$made/disk.qcow2"
              ;;
          esac
          fact virtualSize "$(qemu-img info -f qcow2 --output=json "$made/disk.qcow2" | sed -n 's/.*"virtual-size": *\([0-9]*\).*/\1/p' | head -n 1)"
        }

        """;

    /// <summary>Parameters: 1 sha256 or sha512, 2 the digest, 3 seconds without a byte. Stdin is the URL. What came is kept for the next run to go on with.</summary>
    public const string Download = FetchScript.Functions + TakeIn + """
        algorithm=$1 digest=$2 stall=$3
        cat >"$work/url"
        what=$(shown_url)
        part=$parent/.part-$name
        find "$parent" -maxdepth 1 -type f -name '.part-*' -mtime +7 -delete
        sum() { "${algorithm}sum" -- "$part" | cut -d ' ' -f 1; }
        tries=0 resumed= got=
        if [ -s "$part" ]; then
          resumed=1
          got=$(sum)
        fi
        while [ "$got" != "$digest" ]; do
          code=0
          fetch "$part" "$stall" || code=$?
          case $code in
            0)
              echo '@ verifying'
              got=$(sum)
              if [ "$got" != "$digest" ]; then
                rm -f -- "$part"
                # The first half may have been another's.
                [ -n "$resumed" ] || fail "$what is not what it should be: its digest is $algorithm:$got, and $algorithm:$digest is expected." 65
                resumed=
              fi
              ;;
            2)
              tries=$((tries + 1))
              [ "$tries" -lt 4 ] || fail "$what breaks off again and again, the last time after $(stat -c %s -- "$part" 2>/dev/null || echo 0) bytes: $why." 75
              resumed=1
              sleep "$tries"
              ;;
            3)
              # The server has no rest of it to give.
              rm -f -- "$part"
              tries=$((tries + 1))
              [ "$tries" -lt 4 ] || fail "$what cannot be fetched: $why." 75
              resumed=
              ;;
            *) fail "$what cannot be fetched: $why." 75 ;;
          esac
        done
        mv -- "$part" "$work/image"
        take_in "$work/image"
        fact digest "$algorithm:$digest"
        """;

    /// <summary>Parameters: 1 the file on the host, 2 the sha256 it had when it was looked at.</summary>
    public const string LocalFile = TakeIn + """
        what=$1
        [ -f "$1" ] || fail "There is no file $1 on the host." 65
        room "$(($(stat -L -c %s -- "$1") / 1024))"
        echo '@ copying'
        cp --reflink=auto --sparse=always -L -- "$1" "$work/image"
        got=$(sha256sum -- "$work/image" | cut -d ' ' -f 1)
        [ "$got" = "$2" ] || fail "$1 was changed while it was copied: its digest was sha256:$2, and is sha256:$got." 65
        take_in "$work/image"
        fact digest "sha256:$2"
        """;

    /// <summary>Fetches a small text. Parameter: 1 seconds without a byte. Stdin is the URL.</summary>
    public const string Text = """
        set -eu
        work=$(mktemp -d)
        parent=$work
        trap 'rm -rf -- "$work"' EXIT
        fail() { echo "! $1" >&2; exit "${2:-1}"; }
        """ + "\n" + FetchScript.Functions + """
        cat >"$work/url"
        code=0
        fetch "$work/text" "$1" 0.1 >/dev/null || code=$?
        [ "$code" = 0 ] || fail "$(shown_url) cannot be fetched: ${why:-it breaks off}." 75
        head -c 1048576 "$work/text"
        """;
}
