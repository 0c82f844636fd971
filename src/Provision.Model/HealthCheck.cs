using System.Collections.Immutable;

namespace Provision.Model;

/// <summary>How the engine finds out whether a container works. A closed hierarchy; made by its methods, changed by <c>with</c>.</summary>
public abstract record HealthCheck
{
    private HealthCheck()
    {
    }

    /// <summary>Time between two checks.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one check may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many checks in a row have to fail.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>Time after the start in which failures do not count.</summary>
    public TimeSpan StartPeriod { get; init; } = TimeSpan.Zero;

    /// <summary>How long <c>up</c> waits for it at most. Null: a minute more than the checks themselves may take.</summary>
    public TimeSpan? WaitLimit { get; init; }

    /// <summary>Healthy when the command ends with exit code 0 in the container.</summary>
    public static HealthCheck Command(params ImmutableArray<string> command) => new OfCommand(command);

    /// <summary>Healthy when a GET on the port inside the container succeeds; the image needs <c>wget</c> or <c>curl</c>.</summary>
    public static HealthCheck Http(int port, string path = "/") => new OfHttp(port, path);

    /// <summary>Healthy when the port inside the container takes connections; the image needs <c>nc</c> or <c>bash</c>.</summary>
    public static HealthCheck Tcp(int port) => new OfTcp(port);

    /// <summary>A command in the container.</summary>
    /// <param name="Arguments">The program and its arguments.</param>
    public sealed record OfCommand(ImmutableArray<string> Arguments) : HealthCheck;

    /// <summary>A GET request.</summary>
    /// <param name="Port">The port inside the container.</param>
    /// <param name="Path">The path, from its slash.</param>
    public sealed record OfHttp(int Port, string Path) : HealthCheck;

    /// <summary>A connection.</summary>
    /// <param name="Port">The port inside the container.</param>
    public sealed record OfTcp(int Port) : HealthCheck;
}
