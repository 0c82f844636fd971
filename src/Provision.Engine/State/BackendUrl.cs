namespace Provision.Engine.State;

/// <summary>Where a <c>file://</c> URL leads.</summary>
internal static class BackendUrl
{
    private const string Scheme = "file://";

    /// <summary>The folder a URL means; <c>.</c> is the workspace, <c>~</c> the user's home.</summary>
    /// <exception cref="BackendException">Another kind of URL.</exception>
    public static string Resolve(string url, string workspaceFolder, string homeFolder)
    {
        if (!url.StartsWith(Scheme, StringComparison.Ordinal))
        {
            var at = url.IndexOf("://", StringComparison.Ordinal);
            throw new BackendException(StateDiagnostics.BackendUnsupported(
                url, at > 0 ? $"the backend '{url[..at]}' is one of the pulumi CLI's." : "it is no URL."));
        }

        // What follows the question mark tunes pulumi's file driver.
        var path = url[Scheme.Length..].Split('?', 2)[0];
        if (OperatingSystem.IsWindows() && path.Length > 2 && path[0] == '/' && path[2] == ':')
            path = path[1..];
        if (path == "~")
            return homeFolder;
        if (path.StartsWith("~/", StringComparison.Ordinal))
            return Path.GetFullPath(path[2..], homeFolder);

        return Path.TrimEndingDirectorySeparator(Path.GetFullPath(path.Length == 0 ? "." : path, workspaceFolder));
    }
}
