namespace Provision.Cli.Rendering;

/// <summary>What a piece of text means; colours follow from it, and never carry meaning alone.</summary>
internal enum Tone
{
    Plain,
    Strong,
    Dim,
    Headline,
    Prompt,
    Create,
    Update,
    Replace,
    Delete,
    Info,
    Warning,
    Error,
}
