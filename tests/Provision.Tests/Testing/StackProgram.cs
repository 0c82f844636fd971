using Provision.Engine.Resources;

namespace Provision.Tests.Testing;

/// <summary>Writes the goals of a small stack on the fake provider: the stack, one provider <c>here</c>, and things.</summary>
internal sealed class StackProgram
{
    public const string Stack = "lab";
    public const string Project = "tests";

    public static readonly Urn Root = Urn.OfStack(Stack, Project);
    public static readonly Urn Here = Urn.Create(Stack, Project, Root, ResourceType.ProviderOf("fake"), "here");

    private readonly List<ResourceGoal> _goals =
    [
        new ResourceGoal { Urn = Root, Custom = false },
        new ResourceGoal { Urn = Here, Custom = true, Parent = Root },
    ];

    public IReadOnlyList<ResourceGoal> Goals => _goals;

    public static Urn UrnOf(string name) => Urn.Create(Stack, Project, Root, FakeProvider.Thing, name);

    public static PropertyValue Ref(string name, string path = "id") => new PropertyValue.Reference(UrnOf(name), PropertyPath.Parse(path));

    public StackProgram Thing(string name, params (string Key, PropertyValue Value)[] inputs) => Thing(name, ResourceOptions.None, inputs);

    public StackProgram Thing(string name, ResourceOptions options, params (string Key, PropertyValue Value)[] inputs)
    {
        _goals.Add(new ResourceGoal
        {
            Urn = UrnOf(name),
            Custom = true,
            Parent = Root,
            Provider = Here,
            Inputs = PropertyMap.From(inputs.Select(input => KeyValuePair.Create(input.Key, input.Value))),
            Options = options,
        });
        return this;
    }

    public StackProgram Outputs(params (string Key, PropertyValue Value)[] outputs)
    {
        _goals[0] = _goals[0] with { ComponentOutputs = PropertyMap.From(outputs.Select(output => KeyValuePair.Create(output.Key, output.Value))) };
        return this;
    }

    public StackProgram Provider(params (string Key, PropertyValue Value)[] inputs)
    {
        _goals[1] = _goals[1] with { Inputs = PropertyMap.From(inputs.Select(input => KeyValuePair.Create(input.Key, input.Value))) };
        return this;
    }

    public StackProgram Goal(ResourceGoal goal)
    {
        _goals.Add(goal);
        return this;
    }
}
