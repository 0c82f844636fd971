namespace Provision.Engine.Resources;

/// <summary>A property as it is written down, a name and a value: <c>("memory", 512)</c>.</summary>
/// <remarks>A class, because collections of tuples of ours are compiled anew at each start of the program, and those of objects are not.</remarks>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value; C#'s null means "not set".</param>
public sealed record Property(string Name, PropertyValue? Value)
{
    /// <summary>The pair as a property.</summary>
    public static implicit operator Property((string Name, PropertyValue? Value) pair) => new(pair.Name, pair.Value);
}
