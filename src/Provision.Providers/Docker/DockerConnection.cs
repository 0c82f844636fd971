using Docker.DotNet;
using Docker.DotNet.Handler.Abstractions;
using Docker.DotNet.NativeHttp;

namespace Provision.Providers.Docker;

/// <summary>
/// The one way to a daemon: opened by the first call, shared by all, its errors translated once (<see cref="DockerErrors"/>). Thread-safe.
/// </summary>
/// <param name="endpoint">Which daemon.</param>
internal sealed class DockerConnection(DockerEndpoint endpoint) : IAsyncDisposable
{
    /// <summary>The newest API this code was written against; a newer daemon is spoken to in this one.</summary>
    private static readonly Version NewestKnown = new(1, 54);

    /// <summary>A daemon that is there answers at once; a host that swallows packets never does.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _opening = new(1, 1);
    private Opened? _opened;
    private bool _disposed;

    private sealed record Opened(DockerClient Client, Version Api);

    public DockerEndpoint Endpoint { get; } = endpoint;

    /// <summary>The API version both sides speak; connects if need be.</summary>
    public async Task<Version> ApiAsync(CancellationToken cancellationToken) => (await OpenAsync(cancellationToken)).Api;

    /// <summary>
    /// Makes a call that changes nothing: a lost connection leaves everything as it was. <paramref name="doing"/> follows "cannot" in messages: "inspect container 'web'".
    /// </summary>
    public Task<T> AskAsync<T>(string doing, Func<DockerClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        CallAsync(doing, call, changes: false, cancellationToken);

    /// <summary>Makes a call that changes something: after a lost connection nobody knows whether it did.</summary>
    public Task<T> ChangeAsync<T>(string doing, Func<DockerClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        CallAsync(doing, call, changes: true, cancellationToken);

    public Task ChangeAsync(string doing, Func<DockerClient, CancellationToken, Task> call, CancellationToken cancellationToken) =>
        CallAsync(
            doing,
            async (client, token) =>
            {
                await call(client, token);
                return true;
            },
            changes: true, cancellationToken);

    private async Task<T> CallAsync<T>(string doing, Func<DockerClient, CancellationToken, Task<T>> call, bool changes, CancellationToken cancellationToken)
    {
        var opened = await OpenAsync(cancellationToken);
        try
        {
            return await call(opened.Client, cancellationToken);
        }
        catch (Exception exception) when (DockerErrors.IsOurs(exception, cancellationToken))
        {
            throw DockerErrors.Translate(exception, Endpoint, doing, changes);
        }
    }

    private async Task<Opened> OpenAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_opened is { } already)
        {
            return already;
        }

        await _opening.WaitAsync(cancellationToken);
        try
        {
            return _opened ??= await NegotiateAsync(cancellationToken);
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Asks for the version without naming one, and speaks the older of its and ours from then on.</summary>
    private async Task<Opened> NegotiateAsync(CancellationToken cancellationToken)
    {
        var auth = Endpoint.Tls?.Open();
        using var probe = Build(null, auth, AnswerLimit);
        try
        {
            var answer = await probe.System.GetVersionAsync(cancellationToken);
            var api = Version.TryParse(answer.APIVersion, out var theirs) && theirs < NewestKnown ? theirs : NewestKnown;
            return new Opened(Build(api, auth, Timeout.InfiniteTimeSpan), api);
        }
        catch (Exception exception) when (DockerErrors.IsOurs(exception, cancellationToken))
        {
            throw DockerErrors.Translate(exception, Endpoint, "ask for its version", changes: false);
        }
    }

    /// <summary>A pull or a stop may take long, so there is no limit for all calls; each wait has its own.</summary>
    private DockerClient Build(Version? api, IAuthProvider? auth, TimeSpan limit)
    {
        var builder = new DockerClientBuilder().WithEndpoint(Endpoint.Address).WithTimeout(limit);
        if (auth is not null)
        {
            builder = builder.WithAuthProvider(auth);
        }

        builder = api is null ? builder : builder.WithApiVersion(api);

        // Over TCP the platform's own sockets: the client's older transport knows nothing of our certificates.
        return Endpoint.IsUnix ? builder.Build() : builder.WithTransportOptions(new NativeHttpTransportOptions()).Build();
    }

    public ValueTask DisposeAsync()
    {
        _disposed = true;
        _opened?.Client.Dispose();
        _opening.Dispose();
        return ValueTask.CompletedTask;
    }
}
