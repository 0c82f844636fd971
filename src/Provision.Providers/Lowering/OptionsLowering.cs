using System.Collections.Immutable;
using Provision.Engine.Resources;
using Provision.Model;

namespace Provision.Providers.Lowering;

/// <summary>Lifecycles as resource options.</summary>
internal static class OptionsLowering
{
    /// <param name="declared">What has the lifecycle.</param>
    /// <param name="names">Who is called what.</param>
    /// <param name="waitsFor">What must be there before it, beside its <c>DependsOn</c>.</param>
    /// <param name="retain">Forget it instead of deleting it, whatever the lifecycle says.</param>
    public static ResourceOptions Lower(Declared declared, StackNames names, IEnumerable<Urn> waitsFor, bool retain = false)
    {
        var (lifecycle, urn) = (declared.Lifecycle, names.UrnOf(declared));
        return new ResourceOptions
        {
            // Null where nothing was said, so that children take it from their parent.
            Protect = lifecycle.Protect ? true : null,
            RetainOnDelete = lifecycle.RetainOnDelete || retain ? true : null,
            DeleteBeforeReplace = lifecycle.DeleteBeforeReplace,
            IgnoreChanges = lifecycle.IgnoreChanges,
            ReplaceOnChanges = lifecycle.ReplaceOnChanges,
            Aliases = [.. lifecycle.Aliases.Select(urn.WithName)],
            DependsOn = DependsOn(declared, names, waitsFor),
            CustomTimeouts = lifecycle.Timeouts is { Create: null, Update: null, Delete: null }
                ? null
                : new CustomTimeouts(lifecycle.Timeouts.Create, lifecycle.Timeouts.Update, lifecycle.Timeouts.Delete),
        };
    }

    /// <summary>The options of a part of a machine: known by the machine's old names too; whether it may go is said once, by the machine.</summary>
    public static ResourceOptions Part(VirtualMachine machine, Urn urn, IEnumerable<Urn> waitsFor) => new()
    {
        Aliases = [.. machine.Lifecycle.Aliases.Select(alias => urn.WithName(alias + urn.Name[machine.Name.Length..]))],
        DependsOn = [.. waitsFor.Distinct().Order()],
    };

    /// <summary>What must be there before it, in a fixed order.</summary>
    public static ImmutableArray<Urn> DependsOn(Declared declared, StackNames names, IEnumerable<Urn> waitsFor) =>
        [.. waitsFor.Concat(declared.Lifecycle.DependsOn.SelectMany(target => names.WaitsFor(target))).Distinct().Order()];
}
