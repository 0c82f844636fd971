using Provision.Model;
using Xunit;

namespace Provision.Tests.Model;

public sealed class RosterTests
{
    [Fact]
    public void Rows_are_read_by_column()
    {
        var roster = Roster.Parse("\uFEFFname,Mail\r\nAlice , a@example.edu\r\n\r\n\"Bob \"\"B\"\", jr\",\"two\nlines\"\r\n", "roster.csv");

        Assert.Equal(["name", "Mail"], roster.Columns);
        Assert.Equal(["Alice|a@example.edu|2", "Bob \"B\", jr|two\nlines|4"], roster.Select(row => $"{row["name"]}|{row["mail"]}|{row.Line}"));
    }

    [Theory]
    [InlineData("", "roster.csv is empty")]
    [InlineData("name,NAME\n", "the column 'name' twice")]
    [InlineData("name,mail\nAlice\n", "roster.csv(2) has 1 fields, and 2 columns")]
    [InlineData("name\n\"Alice\n", "roster.csv(2) opens a quote that is never closed")]
    [InlineData("name\n\"Alice\"x\n", "roster.csv(2) goes on after a closing quote")]
    public void A_broken_table_is_refused_with_its_line(string text, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => Roster.Parse(text, "roster.csv")).Message, StringComparison.Ordinal);

    [Fact]
    public void An_unknown_column_names_those_there_are() =>
        Assert.Contains(
            "no column 'group'. Its columns are name, mail.",
            Assert.Throws<KeyNotFoundException>(() => Roster.Parse("name,mail\nA,b", "roster.csv")[0]["group"]).Message, StringComparison.Ordinal);

    [Fact]
    public void Files_are_read_only_while_a_stack_is_loaded()
    {
        using (StackFiles.Use(new OneFile("name\nAlice")))
        {
            Assert.Equal("name\nAlice", Text.File("roster.csv"));
            Assert.Single(Roster.Csv("roster.csv"));
        }

        Assert.Contains("StackFiles.Use", Assert.Throws<InvalidOperationException>(() => Text.File("roster.csv")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_are_declared_alike()
    {
        Assert.Equal(["1", "2"], Declare.Each(2, n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(["a1", "b2"], Declare.Each(["a", "b"], (item, n) => $"{item}{n}"));
        Assert.Empty(Declare.Each(0, n => n));
        Assert.Throws<ArgumentOutOfRangeException>(() => Declare.Each(-1, n => n));
    }

    private sealed class OneFile(string text) : IStackFiles
    {
        public string ReadText(string path) => text;
    }
}
