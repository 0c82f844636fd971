using System.CommandLine;
using Provision.Cli;
using Xunit;

namespace Provision.Tests.Cli;

public sealed class CliRootTests
{
    [Fact]
    public void A_command_that_is_named_is_made_alone_under_the_name_it_has_among_all()
    {
        var names = Make(null).Subcommands.Select(command => command.Name).ToArray();

        Assert.All(names, name => Assert.Equal([name], Make(name).Subcommands.Select(command => command.Name)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--help")]
    [InlineData("dif")]
    [InlineData("[suggest:3]")]
    public void All_are_made_for_a_command_line_that_begins_with_anything_else(string first)
    {
        Assert.Equal(Make(null).Subcommands.Select(command => command.Name), Make(first).Subcommands.Select(command => command.Name));
    }

    private static RootCommand Make(string? first)
    {
        using var signals = new StopSignals();
        var (io, globals) = (IoContext.OfProcess(), new GlobalOptions());
        return CliRoot.Create(io, new CommandRunner(io, TimeProvider.System, Composition.OfProduct(), globals, signals, ahead: null), globals, first);
    }
}
