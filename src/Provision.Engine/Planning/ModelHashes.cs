namespace Provision.Engine.Planning;

/// <summary>Hashes of what a stack's goals were made from, each by itself, so that whoever finds one changed can say which.</summary>
/// <param name="Definition">The definition and all that is compiled with it.</param>
/// <param name="Settings">Its settings; secrets enter it encrypted.</param>
/// <param name="Files">The files that it reads.</param>
public sealed record ModelHashes(string Definition, string Settings, string Files)
{
    /// <summary>Of goals that come from no definition.</summary>
    public static readonly ModelHashes None = new("", "", "");
}
