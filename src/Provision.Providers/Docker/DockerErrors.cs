using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Docker.DotNet;
using Provision.Engine.Contract;

namespace Provision.Providers.Docker;

/// <summary>
/// Translates what the client throws, once, at the connection. Nothing of a request ever enters a message: its body may hold secrets.
/// </summary>
internal static class DockerErrors
{
    /// <summary>Whether the exception speaks of the daemon or the way to it, and not of us being cancelled or broken.</summary>
    public static bool IsOurs(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        // The client tries each address of a host and reports all their refusals together.
        AggregateException all => all.InnerExceptions.Count > 0 && all.Flatten().InnerExceptions.All(inner => IsOurs(inner, cancellationToken)),
        DockerApiException or HttpRequestException or IOException or SocketException or TimeoutException or JsonException => true,
        _ => false,
    };

    public static ProviderException Translate(Exception exception, DockerEndpoint endpoint, string doing, bool changes) =>
        exception is DockerApiException api ? FromAnswer(api, doing) : FromTransport(exception, endpoint, doing, changes);

    /// <summary>The daemon's own words: error bodies are <c>{"message":"…"}</c>.</summary>
    public static string DaemonMessage(DockerApiException exception)
    {
        var body = exception.ResponseBody?.Trim() ?? "";
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("message", out var message)
                && message.GetString() is { Length: > 0 } text)
            {
                return text.Trim();
            }
        }
        catch (JsonException)
        {
            // Proxies answer in plain text or HTML; the first line says enough.
        }

        var line = body.Split('\n', 2)[0].Trim();
        return line.Length > 0 ? line : $"HTTP status {(int)exception.StatusCode}";
    }

    /// <summary>The daemon's typed word that the object does not exist.</summary>
    public static bool IsNotFound(this ProviderException exception) => exception.Status() == HttpStatusCode.NotFound;

    public static bool IsConflict(this ProviderException exception) => exception.Status() == HttpStatusCode.Conflict;

    /// <summary>The status with which the daemon answered; null where it did not answer at all.</summary>
    public static HttpStatusCode? Status(this ProviderException exception) => (exception.InnerException as DockerApiException)?.StatusCode;

    /// <summary>Whether the daemon refused in words that hold one of these, whatever their case.</summary>
    public static bool Says(this ProviderException exception, params ReadOnlySpan<string> words)
    {
        if (exception.InnerException is DockerApiException api)
        {
            var message = DaemonMessage(api);
            foreach (var word in words)
            {
                if (message.Contains(word, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The same failure with another remainder: only the caller knows what it had done before.</summary>
    public static ProviderException Leaving(this ProviderException exception, Remainder remainder) =>
        new(exception.Failure, exception.Message, exception.Remedy, remainder, exception.InnerException);

    private static ProviderException FromAnswer(DockerApiException exception, string doing)
    {
        var failure = exception.StatusCode switch
        {
            HttpStatusCode.Conflict => ProviderFailure.Conflict,
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ProviderFailure.Unauthorized,
            _ => ProviderFailure.Refused,
        };
        return new ProviderException(failure, $"Cannot {doing}: the Docker daemon says: {DaemonMessage(exception)}", null, Remainder.Untouched.Value, exception);
    }

    private static ProviderException FromTransport(Exception exception, DockerEndpoint endpoint, string doing, bool changes)
    {
        var socket = Find<SocketException>(exception);
        if (socket?.SocketErrorCode == SocketError.AccessDenied || Find<UnauthorizedAccessException>(exception) is not null)
        {
            return new ProviderException(
                ProviderFailure.Unauthorized, $"Cannot {doing}: no permission to use the Docker daemon at {endpoint.Name}.",
                "Add yourself to the 'docker' group and log in again, or use sudo.", Remainder.Untouched.Value, exception);
        }

        // A connection that never came about changed nothing; one that broke leaves it open what the daemon still did.
        var remainder = changes && socket is not { SocketErrorCode: SocketError.ConnectionRefused or SocketError.AddressNotAvailable or SocketError.HostNotFound or SocketError.TryAgain or SocketError.HostUnreachable or SocketError.NetworkUnreachable }
            ? (Remainder)Remainder.Unknown.Value
            : Remainder.Untouched.Value;
        if (endpoint.IsUnix && !File.Exists(endpoint.SocketPath))
        {
            return new ProviderException(
                ProviderFailure.Unreachable, $"Cannot {doing}: there is no Docker daemon at {endpoint.Name}: the socket does not exist.",
                "Start Docker on that host, or install it ('provision doctor' says how).", remainder, exception);
        }

        if (socket?.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return new ProviderException(
                ProviderFailure.Unreachable, $"Cannot {doing}: nobody listens at {endpoint.Name}: the Docker daemon is stopped.",
                "Start Docker on that host ('systemctl start docker').", remainder, exception);
        }

        if (exception is OperationCanceledException or TimeoutException)
        {
            return new ProviderException(
                ProviderFailure.Unreachable, $"Cannot {doing}: the Docker daemon at {endpoint.Name} does not answer.",
                "See that the host is up, and that no firewall stands between.", remainder, exception);
        }

        return new ProviderException(
            ProviderFailure.Unreachable, $"Cannot {doing}: the connection to the Docker daemon at {endpoint.Name} failed: {Innermost(exception).Message}",
            "See that Docker runs on that host and can be reached from here.", remainder, exception);
    }

    private static T? Find<T>(Exception? exception)
        where T : Exception
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is T found)
            {
                return found;
            }
        }

        return null;
    }

    private static Exception Innermost(Exception exception) => exception.InnerException is { } inner ? Innermost(inner) : exception;
}
