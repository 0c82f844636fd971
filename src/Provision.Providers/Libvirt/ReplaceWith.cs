using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary>
/// The hidden input <c>__replaceWith</c> of a volume: nothing of the volume itself, and when it changes the volume is made anew. So a machine
/// gets a fresh root disk when what its first boot is told has changed. Pure.
/// </summary>
internal static class ReplaceWith
{
    public const string Name = "__replaceWith";

    public static IEnumerable<PropertyDiff> Compare(DiffRequest request)
    {
        var (before, now) = (Values.Plain(request.OldInputs.Find(Name)), Values.Plain(request.NewInputs.Find(Name)));

        // Said for the first time, or no longer, it only tells what the next change means.
        if (before is not null && now is not null && (Values.HasUnknown(now) || before != now))
        {
            yield return new PropertyDiff(PropertyPath.Of(Name), DiffKind.Update, ApplyClass.Replace, before, now);
        }
    }
}
