using Docker.DotNet;
using Docker.DotNet.Models;
using Provision.Engine.Contract;

namespace Provision.Providers.Docker;

/// <summary>A program that runs in a container, with its streams on one connection.</summary>
public sealed class DockerExec : IAsyncDisposable
{
    private readonly DockerConnection _docker;
    private readonly string _id;
    private readonly string _container;
    private readonly bool _terminal;
    private readonly MultiplexedStream _stream;

    internal DockerExec(DockerConnection docker, string id, string container, bool terminal, MultiplexedStream stream) =>
        (_docker, _id, _container, _terminal, _stream) = (docker, id, container, terminal, stream);

    /// <summary>
    /// Passes the streams on until the program ends or hangs up, and returns its exit code (-1 where it hung up and still runs). <paramref name="input"/> null sends none.
    /// With a terminal all output goes to <paramref name="output"/>.
    /// </summary>
    public async Task<int> RunAsync(Stream? input, Stream output, Stream errors, CancellationToken cancellationToken)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = input is null ? Task.CompletedTask : SendAsync(input, reading.Token);
        try
        {
            await _stream.CopyOutputToAsync(Stream.Null, output, errors, cancellationToken);
        }
        catch (Exception exception) when (DockerErrors.IsOurs(exception, cancellationToken))
        {
            throw DockerErrors.Translate(exception, _docker.Endpoint, $"read from a program in container '{_container}'", changes: true);
        }
        finally
        {
            // A read of the terminal may not be cancellable; nobody waits for it once the program has ended.
            await reading.CancelAsync();
            _ = sending.ContinueWith(task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }

        var ended = await _docker.AskAsync(
            $"ask how a program in container '{_container}' ended", (client, token) => client.Exec.InspectContainerExecAsync(_id, token), cancellationToken);
        return ended.Running ? -1 : (int)(ended.ExitCode ?? -1);
    }

    /// <summary>Tells the program how large its terminal is. Nothing happens where it has none or has ended.</summary>
    public async Task ResizeAsync(int columns, int rows, CancellationToken cancellationToken)
    {
        try
        {
            await _docker.ChangeAsync(
                $"resize the terminal in container '{_container}'",
                (client, token) => client.Exec.ResizeExecTtyAsync(_id, new ContainerResizeParameters { Width = columns, Height = rows }, token), cancellationToken);
        }
        catch (ProviderException failure) when (failure.Status() is not null)
        {
            // It has just ended, or not quite begun: the next size comes when the window changes again.
        }
    }

    private async Task SendAsync(Stream input, CancellationToken cancellationToken)
    {
        await _stream.CopyFromAsync(input, cancellationToken);
        if (!_terminal)
        {
            // With a terminal the end of the input is a key, and a closed connection would be a hang-up.
            _stream.CloseWrite();
        }
    }

    public ValueTask DisposeAsync()
    {
        _stream.Dispose();
        return ValueTask.CompletedTask;
    }
}
