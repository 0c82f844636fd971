namespace Provision.Cli.Projects;

/// <summary>A place in a text file, counted from 1; the form that editors and compilers use.</summary>
internal readonly record struct SourcePlace(string File, int Line, int Column)
{
    public override string ToString() => Line > 0 ? $"{File}({Line},{Column})" : File;
}
