using System.Globalization;
using Provision.Cli.Rendering;
using Provision.Engine.Diagnostics;
using Provision.Model.Fit;

namespace Provision.Cli;

/// <summary>What is said of a stack that does not fit; codes PROV195x.</summary>
internal static class FitDiagnostics
{
    public static Diagnostic Misfit(string stack, FitReport report, bool stops) => new(
        stops ? Severity.Error : Severity.Warning, "PROV1950", "The stack does not fit on its hosts",
        string.Join("; ", report.Hosts.Where(host => !host.Fits).Select(FitWords.Headline)) + ".",
        $"Declare less, raise Capacity or Overcommit of the host where it has more, or go on with `up --overcommit`. `provision fit {stack}` shows it all.");

    public static Diagnostic PoolsShort(HostFit host) => new(
        Severity.Warning, "PROV1951", "The Docker engine may run out of subnets",
        string.Create(CultureInfo.InvariantCulture, $"{host.Name}: {FitWords.Pools(host.Pools)}."),
        "Give networks a Subnet of their own, or the engine more default-address-pools.");
}
