using System.Text;

namespace Provision.Providers.Libvirt.FirstBoot;

/// <summary>
/// First boot as a shell script for guests without cloud-init, which run it at every boot: doing it again changes nothing. Pure.
/// Whatever a person wrote is in single quotes, in which a shell interprets nothing.
/// </summary>
internal static class FirstBootScript
{
    // Paths begin with $R so that a test can run it somewhere else; in a guest it is empty.
    private static readonly string Head = """
        #!/bin/sh
        # Made by provision. Runs at every boot.
        R=${FIRST_BOOT_ROOT:-}
        umask 022

        put_file() { # path mode owner content
          mkdir -p "$R${1%/*}"
          (umask 077; printf '%s' "$4" >"$R$1.new") && chmod "$2" "$R$1.new" && mv -f "$R$1.new" "$R$1"
          [ -z "$3" ] || chown "$3" "$R$1"
        }

        put_user() { # name shell
          grep -q "^$1:" "$R/etc/passwd" && return
          if command -v useradd >/dev/null 2>&1; then
            useradd -m -s "$2" "$1"
          elif command -v adduser >/dev/null 2>&1; then
            adduser -D -s "$2" "$1"
          else
            id=1000
            while grep -q "^[^:]*:[^:]*:$id:" "$R/etc/passwd"; do id=$((id + 1)); done
            echo "$1:x:$id:$id::/home/$1:$2" >>"$R/etc/passwd"
            echo "$1:x:$id:" >>"$R/etc/group"
            mkdir -p "$R/home/$1"
            chown "$id:$id" "$R/home/$1"
          fi
        }

        put_password() { # user password [-e: it is a hash]
          # printf is a word of the shell itself, so that the password is on no process's command line.
          if command -v chpasswd >/dev/null 2>&1; then
            printf '%s:%s\n' "$1" "$2" | chpasswd $3
            return
          fi
          hash=$2
          [ -n "$3" ] || hash=$(printf '%s\n' "$2" | cryptpw -m sha512) || { echo "first boot: nothing here can hash a password" >&2; return 1; }
          (umask 077; touch "$R/etc/shadow"; grep -v "^$1:" "$R/etc/shadow" >"$R/etc/shadow.new"; printf '%s:%s:19000:0:99999:7:::\n' "$1" "$hash" >>"$R/etc/shadow.new")
          mv -f "$R/etc/shadow.new" "$R/etc/shadow"
        }

        put_keys() { # user keys
          home=$(grep "^$1:" "$R/etc/passwd" | cut -d: -f6)
          home=${home:-/root}
          mkdir -p "$R$home/.ssh"
          chmod 700 "$R$home/.ssh"
          touch "$R$home/.ssh/authorized_keys"
          printf '%s\n' "$2" | while IFS= read -r key; do
            grep -qxF -e "$key" "$R$home/.ssh/authorized_keys" || printf '%s\n' "$key" >>"$R$home/.ssh/authorized_keys"
          done
          chmod 600 "$R$home/.ssh/authorized_keys"
          [ -n "$R" ] || chown -R "$1:" "$home/.ssh" 2>/dev/null || chown -R "$1" "$home/.ssh"
        }

        put_mount() { # serial path
          # The tiny guest has a command for it.
          command -v mount-data >/dev/null 2>&1 && { mount-data "$1" "$2"; return; }
          for disk in "$R"/sys/block/vd*; do
            if [ -f "$disk/serial" ] && [ "$(cat "$disk/serial")" = "$1" ]; then
              device=/dev/${disk##*/}
              mkdir -p "$R$2"
              grep -q " $2 " "$R/proc/mounts" && return
              mount "$device" "$R$2" 2>/dev/null && return
              # Only a disk whose beginning is all zeros is blank: one with data is never given a new file system.
              [ "$(head -c 65536 "$R$device" | tr -d '\0' | wc -c)" -eq 0 ] || { echo "first boot: the disk '$1' has no file system that can be mounted" >&2; return 1; }
              { command -v mkfs.ext4 >/dev/null 2>&1 && mkfs.ext4 -q "$device"; } || mke2fs "$device" >/dev/null
              mount "$device" "$R$2"
              return
            fi
          done
          echo "first boot: there is no disk with the serial '$1'" >&2
        }


        """.ReplaceLineEndings("\n");

    public static string Write(FirstBootPlan plan)
    {
        var script = new StringBuilder();
        if (plan.HostName is { } host)
        {
            Line(script, "put_file", "/etc/hostname", "0644", "", host + "\n");
            Line(script, "hostname", host);
        }

        foreach (var user in plan.Users)
        {
            Line(script, "put_user", user.Name, user.Shell ?? "/bin/sh");
            if (!user.SshKeys.IsEmpty)
            {
                Line(script, "put_keys", user.Name, string.Join('\n', user.SshKeys));
            }

            if (user.Password is { } password)
            {
                Line(script, "put_password", user.Name, password, user.HasHash ? "-e" : "");
            }

            if (user.Sudo)
            {
                Line(script, "put_file", $"/etc/sudoers.d/{user.Name}", "0440", "", $"{user.Name} ALL=(ALL) NOPASSWD:ALL\n");
            }
        }

        if (!plan.SshKeys.IsEmpty)
        {
            Line(script, "put_keys", "root", string.Join('\n', plan.SshKeys));
        }

        foreach (var mount in plan.Mounts)
        {
            Line(script, "put_mount", mount.Serial, mount.Path);
        }

        foreach (var file in plan.Files)
        {
            Line(script, "put_file", file.Path, file.Mode.PadLeft(4, '0'), file.Owner ?? "", file.Content);
        }

        foreach (var command in plan.Commands)
        {
            // A shell of its own each: an exit or a cd in one is no matter to the next.
            script.Append(command.Line is { } line ? $"sh -c {Quote(line)}" : string.Join(' ', command.Arguments.Select(Quote))).Append('\n');
        }

        return $"{Head}{script}";
    }

    /// <summary>The text as one word of a shell: in single quotes, each of its own as <c>'\''</c>.</summary>
    internal static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static void Line(StringBuilder script, string command, params ReadOnlySpan<string> arguments)
    {
        script.Append(command);
        foreach (var argument in arguments)
        {
            script.Append(' ').Append(Quote(argument));
        }

        script.Append('\n');
    }
}
