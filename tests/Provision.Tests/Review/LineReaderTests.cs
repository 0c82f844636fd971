using System.Text;
using CsCheck;
using Provision.Cli.Review.Worker;
using Xunit;

namespace Provision.Tests.Review;

public sealed class LineReaderTests
{
    [Fact]
    public void Lines_come_whole_however_a_pipe_cuts_them() =>
        Gen.Select(Gen.Char["ab\n"].Array[0, 60], Gen.Int[1, 7]).Sample((text, cut) =>
        {
            var expected = new string(text).Split('\n').ToList();
            if (expected[^1].Length == 0)
            {
                expected.RemoveAt(expected.Count - 1);
            }

            Assert.Equal(expected, Read(Encoding.UTF8.GetBytes(text), cut));
        });

    [Fact]
    public void A_line_may_be_longer_than_any_buffer()
    {
        var (longer, longest) = (new string('x', 100_000), new string('y', 1_000_000));

        Assert.Equal(["a", longer, "", longest, "b"], Read(Encoding.UTF8.GetBytes($"a\n{longer}\n\n{longest}\nb"), 30_000));
    }

    private static List<string> Read(byte[] bytes, int cut)
    {
        var reader = new LineReader(new CutStream(bytes, cut));
        var lines = new List<string>();
        while (reader.TryRead(out var line))
        {
            lines.Add(Encoding.UTF8.GetString(line.Span));
        }

        return lines;
    }

    /// <summary>Gives no more than so many bytes at a time.</summary>
    private sealed class CutStream(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, most));
    }
}
