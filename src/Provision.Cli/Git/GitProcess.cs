using System.Diagnostics;
using System.Text;

namespace Provision.Cli.Git;

/// <summary>One call of the git program.</summary>
internal static class GitProcess
{
    // A hook or an alias that calls us would otherwise tell git of its own repository and index.
    private static readonly string[] Foreign =
        ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_NAMESPACE"];

    /// <summary>Runs it to its end.</summary>
    /// <param name="folder">Where it runs.</param>
    /// <param name="arguments">What it is told.</param>
    /// <param name="index">The index file in place of the repository's own; null for that.</param>
    /// <param name="workTree">The working tree in place of the repository's own; null for that.</param>
    /// <param name="input">What it reads.</param>
    /// <exception cref="CliException">There is no git.</exception>
    public static GitResult Run(
        string folder, IReadOnlyList<string> arguments, CancellationToken cancellationToken, string? index = null, string? workTree = null, byte[]? input = null)
    {
        var start = new ProcessStartInfo("git", ["-C", folder, "--literal-pathspecs", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in Foreign)
        {
            start.Environment.Remove(name);
        }

        // Its words are read and passed on, so they are in one language; nothing is fetched, asked or locked behind our back.
        start.Environment["LC_ALL"] = "C";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        start.Environment["GIT_NO_LAZY_FETCH"] = "1";
        start.Environment["GIT_LFS_SKIP_SMUDGE"] = "1";
        if (index is not null)
        {
            start.Environment["GIT_INDEX_FILE"] = index;
        }

        if (workTree is not null)
        {
            start.Environment["GIT_WORK_TREE"] = workTree;
        }

        using var process = Start(start);
        using var stop = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
        var errors = OnThread(() => ReadText(process));
        var writing = OnThread(() => Write(process, input));
        using var output = new MemoryStream();
        using (var pipe = ProcessPipe.Of(process.StandardOutput))
        {
            pipe.CopyTo(output);
        }

        process.WaitForExit();
        writing.GetAwaiter().GetResult();
        cancellationToken.ThrowIfCancellationRequested();
        return new GitResult(process.ExitCode, output.ToArray(), errors.GetAwaiter().GetResult().Trim());
    }

    // A thread for each pipe, so that none waits for another.
    private static Task<T> OnThread<T>(Func<T> run) => Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new CliException(ExitCode.Error, CliDiagnostics.ProgramMissing("git", "git"));
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new CliException(ExitCode.Error, CliDiagnostics.ProgramMissing("git", "git"));
        }
    }

    private static string ReadText(Process process)
    {
        using var reader = new StreamReader(ProcessPipe.Of(process.StandardError), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static bool Write(Process process, byte[]? input)
    {
        try
        {
            using var pipe = ProcessPipe.Of(process.StandardInput);
            pipe.Write(input ?? []);
            return true;
        }
        catch (IOException)
        {
            // It ended before it had read all; its exit code and its words tell why.
            return false;
        }
    }
}

/// <summary>What git answered.</summary>
internal sealed record GitResult(int ExitCode, byte[] Output, string Error)
{
    public bool Succeeded => ExitCode == 0;

    public string Text => Encoding.UTF8.GetString(Output).TrimEnd('\n');
}
