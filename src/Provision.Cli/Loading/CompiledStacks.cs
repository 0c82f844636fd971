namespace Provision.Cli.Loading;

/// <summary>The definitions, compiled: an assembly and its symbols.</summary>
internal sealed record CompiledStacks(byte[] Assembly, byte[] Symbols);
