namespace Provision.Cli.Consoles;

/// <summary>The key that ends a console session: a control character.</summary>
/// <param name="Character">What the terminal sends for it.</param>
internal readonly record struct EscapeKey(byte Character)
{
    /// <summary>Telnet's, and virsh's: hardly anything else uses it.</summary>
    public static readonly EscapeKey Default = new(0x1d);

    /// <summary>How it is said: <c>Ctrl+]</c>.</summary>
    public override string ToString() => $"Ctrl+{(char)(Character | 0x40)}";

    /// <summary>Reads <c>^]</c>, <c>Ctrl+]</c> or <c>ctrl-]</c>; null for anything else.</summary>
    public static EscapeKey? Parse(string text)
    {
        var key = text switch
        {
            ['^', var one] => one,
            _ when text.Length == 6 && text.StartsWith("ctrl", StringComparison.OrdinalIgnoreCase) && text[4] is '+' or '-' => text[5],
            _ => '\0',
        };
        return char.ToUpperInvariant(key) is >= '@' and <= '_' and var upper ? new EscapeKey((byte)(upper & 0x1f)) : null;
    }
}
