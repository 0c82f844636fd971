using System.Net;
using System.Net.Sockets;
using Docker.DotNet;
using Provision.Engine.Contract;
using Provision.Providers.Docker;
using Xunit;

namespace Provision.Tests.Providers.Docker;

public sealed class DockerErrorsTests
{
    private static readonly DockerEndpoint Tcp = new(new Uri("tcp://10.0.0.1:2376"), null);

    [Theory]
    [InlineData("{\"message\":\"no such thing\\n\"}", "no such thing")]
    [InlineData("<html>bad gateway\nmore", "<html>bad gateway")]
    [InlineData("", "HTTP status 502")]
    [InlineData("[1]", "[1]")]
    public void The_daemons_words_are_unwrapped(string body, string words) =>
        Assert.Equal(words, DockerErrors.DaemonMessage(new DockerApiException(HttpStatusCode.BadGateway, body)));

    [Theory]
    [InlineData(HttpStatusCode.Conflict, ProviderFailure.Conflict)]
    [InlineData(HttpStatusCode.Unauthorized, ProviderFailure.Unauthorized)]
    [InlineData(HttpStatusCode.NotFound, ProviderFailure.Refused)]
    [InlineData(HttpStatusCode.InternalServerError, ProviderFailure.Refused)]
    public void An_answer_is_a_failure_of_its_kind_that_changed_nothing(HttpStatusCode status, ProviderFailure failure)
    {
        var translated = DockerErrors.Translate(new DockerApiException(status, "{\"message\":\"no\"}"), Tcp, "do it", changes: true);

        Assert.Equal((failure, "Cannot do it: the Docker daemon says: no"), (translated.Failure, translated.Message));
        Assert.Equal(status == HttpStatusCode.NotFound, translated.IsNotFound());
        Assert.IsType<Remainder.Untouched>(translated.Remainder);
    }

    [Fact]
    public void No_permission_says_how_to_get_it()
    {
        var translated = DockerErrors.Translate(new HttpRequestException("x", new SocketException((int)SocketError.AccessDenied)), Tcp, "do it", changes: true);

        Assert.Equal(ProviderFailure.Unauthorized, translated.Failure);
        Assert.Contains("'docker' group", translated.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_that_broke_in_a_change_leaves_the_outcome_open()
    {
        var broken = new IOException("x", new SocketException((int)SocketError.ConnectionReset));
        var refused = new AggregateException(new SocketException((int)SocketError.ConnectionRefused));

        Assert.IsType<Remainder.Unknown>(DockerErrors.Translate(broken, Tcp, "do it", changes: true).Remainder);
        Assert.IsType<Remainder.Untouched>(DockerErrors.Translate(broken, Tcp, "do it", changes: false).Remainder);
        Assert.IsType<Remainder.Untouched>(DockerErrors.Translate(refused, Tcp, "do it", changes: true).Remainder);
    }

    [Fact]
    public void Being_cancelled_is_no_failure_of_the_daemon()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.False(DockerErrors.IsOurs(new OperationCanceledException(), cancelled.Token));
        Assert.True(DockerErrors.IsOurs(new OperationCanceledException(), CancellationToken.None));
    }
}
