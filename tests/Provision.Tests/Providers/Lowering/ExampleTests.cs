using Provision.Model;
using Provision.Model.Fit;
using Provision.Providers.Lowering;
using Provision.Tests.Testing;
using Xunit;

namespace Provision.Tests.Providers.Lowering;

public sealed class ExampleTests
{
    [Fact]
    public void Every_example_is_sound_and_lowers()
    {
        using (StackFiles.Use(new FilesOf("examples/classroom/stacks")))
        {
            Sound(new Os101().Define(), "os-101", goals: 18);
        }

        Sound(new Pair().Define(), "pair", goals: 12);
        Sound(new Networks101().Define(), "networks-101", goals: 43);
    }

    [Fact]
    public void A_class_that_does_not_fit_is_refused()
    {
        using var files = StackFiles.Use(new FilesOf("examples/classroom/stacks"));

        Assert.Equal(["memory"], Short(new Os101 { Memory = 1.GiB }));
        Assert.Equal(["memory", "processors"], Short(new Networks101 { Students = 100, Memory = 80.MiB }));
        Assert.Empty(Short(new Os101()));

        static IEnumerable<string> Short(StackDefinition definition) =>
            FitOf(definition).Quantities.Where(one => one.Stops).Select(one => one.Quantity.ToString().ToLowerInvariant());

        static HostFit FitOf(StackDefinition definition) => Assert.Single(StackFit.Of(definition.Define(), "class", new Dictionary<string, HostCapacity>()).Hosts);
    }

    private static void Sound(Stack stack, string name, int goals)
    {
        Assert.Empty(StackCheck.Run(stack, name));
        Assert.Equal(goals, StackLowering.Lower(stack, new LoweringContext { Project = "example", StackName = name, WorkspaceFolder = Golden.Repository }).Length);
    }

    private sealed class FilesOf(string folder) : IStackFiles
    {
        public string ReadText(string path) => File.ReadAllText(Path.Combine(Golden.Repository, folder, path));
    }
}
