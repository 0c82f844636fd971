namespace Provision.IntegrationTests.Lab;

/// <summary>Pages that are only reached inside a lab.</summary>
internal static class LabHttp
{
    /// <summary>The body; tried until somebody answers or the limit is over.</summary>
    public static async Task<string> GetAsync(LabNamespaces lab, string url, TimeSpan limit)
    {
        // The shell's own sockets: a static busybox cannot resolve names, and no other client is sure to be installed.
        var address = new Uri(url);
        var script = $"exec 3<>/dev/tcp/{address.Host}/{address.Port} && printf 'GET {address.PathAndQuery} HTTP/1.0\\r\\n\\r\\n' >&3 && cat <&3";
        LabProcess? last = null;
        await LabNamespaces.UntilAsync(
            async () => (last = await lab.RunInsideAsync("timeout", "5", "bash", "-c", script)) is { ExitCode: 0 } answer && answer.Output.Contains("\r\n\r\n", StringComparison.Ordinal),
            limit, () => $"{url} does not answer: {last?.Errors}");
        return last is null ? "" : last.Output[(last.Output.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
    }
}
