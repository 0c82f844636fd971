namespace Provision.Cli.Topology;

/// <summary>What changes are called and marked: colours never carry a meaning alone.</summary>
internal static class TopologyWords
{
    public static string Mark(TopologyChange? change) => change switch
    {
        TopologyChange.Create => "+",
        TopologyChange.Live => "~",
        TopologyChange.Restart => "!",
        TopologyChange.Replace => "+-",
        TopologyChange.Delete => "-",
        _ => "",
    };

    public static string Word(TopologyChange change) => change switch
    {
        TopologyChange.Create => "create",
        TopologyChange.Live => "change, running on",
        TopologyChange.Restart => "change with a restart",
        TopologyChange.Replace => "make anew",
        TopologyChange.Delete => "delete",
        _ => "unchanged",
    };

    /// <summary>What classes of all three formats are called.</summary>
    public static string ClassOf(TopologyChange change) => change switch
    {
        TopologyChange.Create => "create",
        TopologyChange.Live => "live",
        TopologyChange.Restart => "restart",
        TopologyChange.Replace => "replace",
        TopologyChange.Delete => "delete",
        _ => "same",
    };
}
