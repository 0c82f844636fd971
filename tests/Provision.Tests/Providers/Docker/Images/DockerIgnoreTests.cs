using CsCheck;
using Provision.Providers.Docker.Images;
using Xunit;

namespace Provision.Tests.Providers.Docker.Images;

public sealed class DockerIgnoreTests
{
    [Theory]
    [InlineData("node_modules", "node_modules", true)]
    [InlineData("node_modules", "node_modules/a/b.js", true)]
    [InlineData("node_modules", "src/node_modules", false)]
    [InlineData("node_modules/", "node_modules/a", true)]
    [InlineData("/node_modules", "node_modules", true)]
    [InlineData("./a/../b", "b", true)]
    [InlineData("a//b", "a/b", true)]
    [InlineData("*.log", "x.log", true)]
    [InlineData("*.log", "dir/x.log", false)]
    [InlineData("*/*.log", "dir/x.log", true)]
    [InlineData("**/*.log", "x.log", true)]
    [InlineData("**/*.log", "a/b/c/x.log", true)]
    [InlineData("**", "anything/at/all", true)]
    [InlineData("dir/**", "dir/x", true)]
    [InlineData("dir/**", "dir", false)]
    [InlineData("dir/**/x", "dir/x", true)]
    [InlineData("dir/**/x", "dir/a/b/x", true)]
    [InlineData("dir/**/x", "dir/a/b/xx", false)]
    [InlineData("temp?", "tempa", true)]
    [InlineData("temp?", "temp", false)]
    [InlineData("temp?", "temp/", false)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("a*c", "a/c", false)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[^a-c]x", "bx", false)]
    [InlineData("[^a-c]x", "dx", true)]
    [InlineData("[a\\]]x", "]x", true)]
    [InlineData("[[]x", "[x", true)]
    [InlineData("\\*.txt", "*.txt", true)]
    [InlineData("\\*.txt", "a.txt", false)]
    [InlineData("a.b", "axb", false)]
    [InlineData("a+(b)$|{c}^", "a+(b)$|{c}^", true)]
    [InlineData("# comment", "# comment", false)]
    [InlineData(" # no comment", "# no comment", true)]
    [InlineData("  padded\t", "padded", true)]
    [InlineData("a\r\nb\r", "b", true)]
    [InlineData("\uFEFFfirst", "first", true)]
    [InlineData("", "a", false)]
    [InlineData(".", "a", false)]
    [InlineData("/", "a", false)]
    [InlineData("../a", "a", false)]
    [InlineData("/../a", "a", true)]
    [InlineData("*\n!keep", "keep", false)]
    [InlineData("*\n!keep", "drop", true)]
    [InlineData("*\n!keep", "keep/inside", false)]
    [InlineData("*\n! keep", "keep", false)]
    [InlineData("!keep\n*", "keep", true)]
    [InlineData("*.md\n!README*.md\nREADME-secret.md", "README.md", false)]
    [InlineData("*.md\n!README*.md\nREADME-secret.md", "README-secret.md", true)]
    [InlineData("a\n!a/b\na/b/c", "a/b/x", false)]
    [InlineData("a\n!a/b\na/b/c", "a/b/c/d", true)]
    [InlineData("**\n!**/keep", "x/y/keep", false)]
    [InlineData("É*", "Été", true)]
    [InlineData("Readme", "README", false)]
    public void A_path_is_ignored_by_the_last_line_that_matches(string patterns, string path, bool ignored) =>
        Assert.Equal(ignored, DockerIgnore.Parse(patterns).Ignores(path));

    [Theory]
    [InlineData("a", "a", false)]
    [InlineData("a\n!a/b/c", "a", true)]
    [InlineData("a\n!a/b/c", "a/b", true)]
    [InlineData("a\n!a/b/c", "a/x", false)]
    [InlineData("a\n!b", "a", false)]
    [InlineData("*\n!**/keep", "any", true)]
    [InlineData("*\n!a/*/keep", "a/b", true)]
    [InlineData("*\n!a/*/keep", "b", false)]
    [InlineData("a\n!a/b", "a/b/c", true)]
    public void An_ignored_folder_is_looked_through_only_where_an_exception_may_lie_in_it(string patterns, string folder, bool looked) =>
        Assert.Equal(looked, DockerIgnore.Parse(patterns).MayKeepBelow(folder));

    [Theory]
    [InlineData("ok\n!", "line 2")]
    [InlineData("!  ", "line 1")]
    [InlineData("a\n\n[b", "line 3")]
    [InlineData("[]", "line 1")]
    [InlineData("[z-a]", "line 1")]
    [InlineData("[a\\", "line 1")]
    public void A_malformed_pattern_is_named_by_its_line(string patterns, string line) =>
        Assert.Contains(line, Assert.Throws<FormatException>(() => DockerIgnore.Parse(patterns)).Message, StringComparison.Ordinal);

    [Fact]
    public void Any_file_is_read_or_refused_and_what_is_below_an_ignored_path_is_ignored_too() =>
        Gen.Select(Gen.String[Gen.Char["ab/*?.[]^-\\# \n"], 0, 25], Gen.String[Gen.Char["ab/."], 1, 8]).Sample((patterns, path) =>
        {
            DockerIgnore ignore;
            try
            {
                ignore = DockerIgnore.Parse(patterns);
            }
            catch (FormatException)
            {
                return;
            }

            Assert.True(!ignore.Ignores(path) || ignore.Ignores(path + "/below"));
        });
}
