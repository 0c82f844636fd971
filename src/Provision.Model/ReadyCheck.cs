namespace Provision.Model;

/// <summary>How <c>up</c> finds out that a machine works: asked from its host, on its first address. A closed hierarchy.</summary>
public abstract record ReadyCheck
{
    /// <summary>It is enough that the machine runs and has an address.</summary>
    public static readonly ReadyCheck None = new OfNothing();

    private ReadyCheck()
    {
    }

    /// <summary>How long to wait for it at most, from the start of the machine.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Ready when the port takes connections.</summary>
    public static ReadyCheck Tcp(int port) => new OfTcp(port);

    /// <summary>Ready when a GET on the port succeeds.</summary>
    public static ReadyCheck Http(int port, string path = "/") => new OfHttp(port, path);

    /// <summary>Nothing is asked.</summary>
    public sealed record OfNothing : ReadyCheck;

    /// <summary>A connection.</summary>
    /// <param name="Port">The port.</param>
    public sealed record OfTcp(int Port) : ReadyCheck;

    /// <summary>A GET request.</summary>
    /// <param name="Port">The port.</param>
    /// <param name="Path">The path, from its slash.</param>
    public sealed record OfHttp(int Port, string Path) : ReadyCheck;
}
