using Provision.Cli.Review.Worker;
using Xunit;

namespace Provision.Tests.Review;

public sealed class WorkerRequestTests
{
    public static TheoryData<bool, bool> Sides => new() { { true, true }, { true, false }, { false, true }, { false, false } };

    [Theory]
    [MemberData(nameof(Sides))]
    public void A_request_is_read_as_it_was_written(bool hasBase, bool hasHead)
    {
        var request = new WorkerRequest(
            hasBase ? new WorkerSide("/srv/läb \n/Pulumi.yaml", [0, 10, 255], []) : null,
            hasHead ? new WorkerSide("/head/Pulumi.yaml", [.. Enumerable.Range(0, 100_000).Select(n => (byte)n)], [7]) : null,
            [new WorkerStack("a", InBase: true, InHead: false), new WorkerStack("b", InBase: false, InHead: true)],
            12.5);

        var read = WorkerRequest.Read(new MemoryStream(request.ToBytes().ToArray()));

        Assert.Equal(Told(request), Told(read));
    }

    [Fact]
    public void A_stream_that_ends_holds_none() => Assert.Null(WorkerRequest.Read(new MemoryStream()));

    [Fact]
    public void Half_a_request_is_none()
    {
        var whole = new WorkerRequest(new WorkerSide("/Pulumi.yaml", [1, 2, 3], []), null, [new WorkerStack("a", InBase: true, InHead: false)], 1).ToBytes().ToArray();

        for (var length = 1; length < whole.Length; length++)
        {
            var cut = new MemoryStream(whole[..length]);
            Assert.Throws<EndOfStreamException>(() => WorkerRequest.Read(cut));
        }
    }

    private static string Told(WorkerRequest? request) => request is null ? "none" : string.Join(
        '|', Told(request.Base), Told(request.Head), string.Join(',', request.Stacks), request.DefinitionSeconds);

    private static string Told(WorkerSide? side) =>
        side is null ? "none" : $"{side.ProjectFile} {Convert.ToHexString(side.Assembly)} {Convert.ToHexString(side.Symbols)}";
}
