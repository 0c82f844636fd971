using System.Collections.Immutable;
using Provision.Cli.Loading;
using Provision.Cli.Projects;
using Provision.Engine.Diagnostics;
using Provision.Engine.State;
using Provision.Model;
using Provision.Providers.Lowering;

namespace Provision.Cli;

/// <summary>From a stack's definition to its goals: load, check, lower.</summary>
internal static class StackGoals
{
    /// <exception cref="WorkspaceException">The definition or its settings are wrong.</exception>
    /// <exception cref="CliException">What it declares is wrong; all mistakes at once.</exception>
    public static StackGoalSet Read(
        Invocation invocation, Workspace workspace, string stack, IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        var secrets = new Lazy<PassphraseSecrets>(() => new PassphraseSecrets(workspace.Passphrase, workspace.ConfigOf(stack).EncryptionSalt));
        var options = new StackLoadOptions
        {
            Decrypt = cipher => secrets.Value.Decrypt(cipher),
            // Of a setting given twice the last wins.
            Overrides = ImmutableSortedDictionary<ConfigKey, ConfigValue>.Empty.SetItems(settings.Select(setting => Override(setting, workspace.Project.Name))),
            Clock = invocation.Clock,
        };
        var loaded = StackLoader.Load(workspace.Project, stack, options, cancellationToken);
        var problems = StackCheck.Run(loaded.Stack, stack);
        ImmutableArray<Diagnostic> diagnostics = [.. problems.Select(ProblemDiagnostics.ToDiagnostic)];
        if (diagnostics.Any(diagnostic => diagnostic.Severity == Severity.Error))
        {
            throw new CliException(ExitCode.Configuration, diagnostics);
        }

        foreach (var warning in diagnostics)
        {
            invocation.Show(warning);
        }

        var context = new LoweringContext { Project = workspace.Project.Name, StackName = stack, WorkspaceFolder = workspace.Project.Folder };
        var goals = StackLowering.Lower(loaded.Stack, context);
        return new StackGoalSet(goals, loaded.Hash) { Stack = loaded.Stack, Violations = loaded.Policies.Run(goals, stack, cancellationToken) };
    }

    private static KeyValuePair<ConfigKey, ConfigValue> Override(string setting, string project)
    {
        var at = setting.IndexOf('=', StringComparison.Ordinal);
        var text = setting[(at + 1)..];
        var value = new ConfigValue.Scalar(text, Quoted: !ConfigValue.LooksTyped(text)) { Place = new SourcePlace("--config", 0, 0) };
        return KeyValuePair.Create<ConfigKey, ConfigValue>(ConfigKey.Parse(setting[..at], project), value);
    }
}
