using Provision.Engine.Contract;

namespace Provision.Providers.Hosts;

/// <summary>One host during one run: its transport, the clock, and the facts read once.</summary>
internal sealed class HostSession(IHostTransport transport, TimeProvider clock) : IAsyncDisposable
{
    private readonly SemaphoreSlim _reading = new(1, 1);
    private HostAccess? _access;

    public IHostTransport Transport { get; } = transport;

    public TimeProvider Clock { get; } = clock;

    public async Task<HostAccess> AccessAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            return _access ??= await HostAccess.ReadAsync(Transport, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or TimeoutException)
        {
            throw new ProviderException(
                ProviderFailure.Unreachable, exception.Message, "Check that sh, id and sudo work for you on that host.", Remainder.Untouched.Value, exception);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Runs a command with the rights of the host's administrator, where the user has them.</summary>
    public async Task<CommandResult> RunAsync(HostCommand command, CancellationToken cancellationToken) =>
        await Transport.RunAsync(command with { AsRoot = (await AccessAsync(cancellationToken)).CanBeRoot }, cancellationToken);

    /// <summary>Where a command is; null where the host has none of that name.</summary>
    public async Task<string?> WhichAsync(string command, CancellationToken cancellationToken)
    {
        var result = await Transport.RunAsync(HostCommand.Script("command -v -- \"$1\"", command), cancellationToken);
        return result.Succeeded && result.OutputLines.FirstOrDefault() is { } path && path.StartsWith('/') ? path : null;
    }

    /// <summary>Whether it takes root's rights, which the user has, to make things in a folder.</summary>
    public async Task<bool> NeedsRootAsync(string folder, CancellationToken cancellationToken) =>
        (await AccessAsync(cancellationToken)).CanBeRoot && !await CanWriteAsync(folder, cancellationToken);

    /// <summary>Whether the user can make the folder, or write in it, as who he is.</summary>
    public async Task<bool> CanWriteAsync(string folder, CancellationToken cancellationToken)
    {
        if ((await AccessAsync(cancellationToken)).Rights == HostRights.Root)
        {
            return true;
        }

        var writable = await Transport.RunAsync(
            HostCommand.Script("d=$1; while [ -n \"$d\" ] && [ ! -e \"$d\" ]; do d=${d%/*}; done; [ -w \"${d:-/}\" ]", folder), cancellationToken);
        return writable.Succeeded;
    }

    public async ValueTask DisposeAsync()
    {
        _reading.Dispose();
        await Transport.DisposeAsync();
    }
}
