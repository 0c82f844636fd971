using Provision.Engine.Resources;
using Xunit;

namespace Provision.Tests.Engine.Resources;

public sealed class PropertyPathTests
{
    [Theory]
    [InlineData("a", "a")]
    [InlineData("a.b[0].c", "a.b[0].c")]
    [InlineData("""a["x.y"][3]""", """a["x.y"][3]""")]
    [InlineData("""["*"].b""", """["*"].b""")]
    [InlineData("", "")]
    public void A_path_made_step_by_step_is_the_one_that_is_read(string text, string written)
    {
        var read = PropertyPath.Parse(text);
        var made = read.Segments.Aggregate(PropertyPath.Root, (at, segment) => segment.Key is { } key ? at.Child(key) : at.Child(segment.Index));

        Assert.Equal(read, made);
        Assert.Equal(read.GetHashCode(), made.GetHashCode());
        Assert.Equal(written, made.ToString());
        Assert.Equal(read.Segments, made.Segments);
        Assert.Equal(read.Top, made.Top);
    }

    [Fact]
    public void Two_paths_below_one_do_not_touch_each_other()
    {
        var parent = PropertyPath.Of("disks");
        var (first, second) = (parent.Child(0).Child("size"), parent.Child(1));

        Assert.Equal("disks[0].size", first.ToString());
        Assert.Equal("disks[1]", second.ToString());
        Assert.Equal("disks", parent.ToString());
        Assert.True(parent.Contains(first));
        Assert.False(second.Contains(first));
    }
}
