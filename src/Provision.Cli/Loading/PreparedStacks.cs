namespace Provision.Cli.Loading;

/// <summary>A workspace's definitions, compiled, for as many of its stacks as are wanted.</summary>
/// <param name="Compiled">The assembly and its symbols.</param>
/// <param name="SourceHash">Of all they were made from.</param>
/// <param name="FromCache">False where they had to be compiled first.</param>
internal sealed record PreparedStacks(CompiledStacks Compiled, string SourceHash, bool FromCache)
{
    private readonly Lazy<DefinitionRunner> _runner = new(() => new DefinitionRunner(Compiled));

    /// <summary>Loads the assembly at its first use.</summary>
    public DefinitionRunner Runner => _runner.Value;
}
