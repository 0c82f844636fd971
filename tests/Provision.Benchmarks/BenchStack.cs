using System.Globalization;
using Provision.Engine.Resources;

namespace Provision.Benchmarks;

/// <summary>How the resources of a stack hang together.</summary>
internal enum Shape
{
    /// <summary>All below the stack, none refers to another.</summary>
    Flat,

    /// <summary>Each refers to the one before it.</summary>
    Chain,

    /// <summary>One in ten is referred to by the nine after it, and the last refers to all of those.</summary>
    Fan,
}

/// <summary>Goals of a stack of any size, each with the ten inputs of a small container.</summary>
internal static class BenchStack
{
    public const string Stack = "bench";
    public const string Project = "benchmarks";

    public static readonly Urn Root = Urn.OfStack(Stack, Project);
    public static readonly Urn Provider = Urn.Create(Stack, Project, Root, ResourceType.ProviderOf("bench"), "here");

    public static List<ResourceGoal> Goals(int count, Shape shape, int revision = 1)
    {
        var goals = new List<ResourceGoal>(count + 2)
        {
            new() { Urn = Root, Custom = false },
            new() { Urn = Provider, Custom = true, Parent = Root },
        };
        for (var i = 0; i < count; i++)
        {
            goals.Add(new ResourceGoal { Urn = UrnOf(i), Custom = true, Parent = Root, Provider = Provider, Inputs = Inputs(i, count, shape, revision) });
        }

        return goals;
    }

    private static PropertyMap Inputs(int i, int count, Shape shape, int revision)
    {
        var own = PropertyMap.Of(
            ("name", Name(i)),
            ("image", "registry.example.edu/lab/web:1.4"),
            ("command", PropertyValue.ListOf(["httpd", "-f", "-p", "80"])),
            ("env", PropertyValue.ListOf([$"PAGE=http://web-{i.ToString(CultureInfo.InvariantCulture)}", "MODE=class"])),
            ("labels", PropertyMap.Of(("owner", "student"), ("group", "a"))),
            ("memory", 64),
            ("cpus", 0.5),
            ("restart", "unless-stopped"),
            ("revision", revision),
            ("init", true));
        return shape switch
        {
            Shape.Chain when i > 0 => own.With("on", IdOf(i - 1)),
            Shape.Fan when i == count - 1 => own.With("all", PropertyValue.ListOf(Enumerable.Range(0, (count + 9) / 10).Select(hub => IdOf(hub * 10)).Where(_ => count > 1))),
            Shape.Fan when i % 10 != 0 => own.With("on", IdOf(i / 10 * 10)),
            _ => own,
        };
    }

    private static string Name(int i) => $"web-{i.ToString("000000", CultureInfo.InvariantCulture)}";

    private static Urn UrnOf(int i) => Urn.Create(Stack, Project, Root, BenchProvider.Thing, Name(i));

    private static PropertyValue.Reference IdOf(int i) => new PropertyValue.Reference(UrnOf(i), PropertyPath.Of("id"));
}
