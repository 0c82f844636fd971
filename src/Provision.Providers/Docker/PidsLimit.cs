using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Docker;

/// <summary>
/// How many processes a container may have. Pulumi's schema has no input for it, so it travels beside the others under a name that the
/// real provider ignores.
/// </summary>
internal static class PidsLimit
{
    public const string Key = "__pidsLimit";

    /// <summary>The name it has in a diff.</summary>
    public const string Name = "pidsLimit";

    /// <summary>The limit asked for; null for none.</summary>
    public static long? Of(PropertyMap inputs) => Values.Plain(inputs.Find(Key)) is PropertyValue.Number { Value: > 0 } number ? (long)number.Value : null;

    /// <summary>What was seen, for the outputs; nothing where the program did not ask and the daemon has none.</summary>
    public static PropertyMap Output(long? seen, PropertyMap inputs) =>
        seen is > 0 || inputs.ContainsKey(Key) ? PropertyMap.Of((Key, (double)Math.Max(0, seen ?? 0))) : PropertyMap.Empty;

    public static IEnumerable<PropertyDiff> Changes(DiffRequest request)
    {
        // A limit that the program never set is the daemon's affair.
        if (!request.NewInputs.ContainsKey(Key) && !request.OldInputs.ContainsKey(Key))
        {
            yield break;
        }

        var (old, now) = (Of(request.OldOutputs.ContainsKey(Key) ? request.OldOutputs : request.OldInputs), Of(request.NewInputs));
        if (old != now)
        {
            yield return new PropertyDiff(
                PropertyPath.Of(Name), old is null ? DiffKind.Add : now is null ? DiffKind.Delete : DiffKind.Update, ApplyClass.Live, Number(old), Number(now));
        }
    }

    private static PropertyValue? Number(long? limit) => limit is { } value ? (double)value : null;
}
