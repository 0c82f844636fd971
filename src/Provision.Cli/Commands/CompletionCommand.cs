using System.CommandLine;

namespace Provision.Cli.Commands;

/// <summary><c>provision completion</c>: a script that a shell reads; it asks us for the words by the <c>[suggest]</c> directive.</summary>
internal sealed class CompletionCommand : ProvisionCommand
{
    private readonly Argument<string> _shell = new("shell") { Description = "bash, zsh, fish or pwsh" };

    public CompletionCommand(CommandRunner runner) : base(runner, "completion", "Print a script that completes commands in a shell")
    {
        _shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");
        Add(_shell);
    }

    public override Task<ExitCode> RunAsync(Invocation invocation)
    {
        invocation.WriteText(invocation.Parse.GetRequiredValue(_shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            "fish" => Fish,
            "pwsh" => PowerShell,
            _ => throw new System.Diagnostics.UnreachableException(),
        });
        return Task.FromResult(ExitCode.Success);
    }

    private const string Bash = """
        # eval "$(provision completion bash)"
        _provision() {
            local line="${COMP_LINE#"${COMP_WORDS[0]}"}"
            local point=$((COMP_POINT - ${#COMP_WORDS[0]}))
            local words
            words="$(provision "[suggest:${point}]" "${line}" 2>/dev/null)"
            mapfile -t COMPREPLY < <(compgen -W "${words}" -- "${COMP_WORDS[COMP_CWORD]}")
        }
        complete -F _provision provision
        """;

    private const string Zsh = """
        # eval "$(provision completion zsh)"
        _provision() {
            local line="${words[2,-1]}"
            local -a found
            found=("${(@f)$(provision "[suggest:${#line}]" "${line}" 2>/dev/null)}")
            compadd -- ${found}
        }
        compdef _provision provision
        """;

    private const string Fish = """
        # provision completion fish | source
        function __provision_complete
            set -l line (string replace -r '^\S+\s?' '' -- (commandline -cp))
            provision "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c provision -f -a '(__provision_complete)'
        """;

    private const string PowerShell = """
        # provision completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName provision -ScriptBlock {
            param($word, $ast, $cursor)
            $line = $ast.ToString() -replace '^\S+\s?', ''
            provision "[suggest:$($line.Length)]" "$line" 2>$null | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;
}
