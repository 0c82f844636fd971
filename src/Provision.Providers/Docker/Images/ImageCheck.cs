using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Docker.Images;

/// <summary>Checks an Image's inputs, and adds what stands for the files it is built of.</summary>
internal static class ImageCheck
{
    private static readonly PropertyPath BuildPath = PropertyPath.Of("build");

    public static CheckResponse Run(PropertyMap inputs, LocalMachine machine)
    {
        var failures = InputChecks.Check(ImageTable.Table, WithoutDigest(inputs));
        if (failures.Count > 0)
        {
            return new CheckResponse(inputs, [.. failures]);
        }

        CheckName(inputs, failures);
        return new CheckResponse(WithDefaults(inputs, DigestOf(inputs, machine, failures)), [.. failures]);
    }

    /// <summary>What a caller hands back of an earlier check is computed anew.</summary>
    private static PropertyMap WithoutDigest(PropertyMap inputs) =>
        Values.Plain(inputs.Find("build")) is PropertyValue.Map build ? inputs.With("build", build.Properties.Without(ImageTable.ContextDigest)) : inputs;

    private static void CheckName(PropertyMap inputs, List<CheckFailure> failures)
    {
        if (Values.Plain(inputs.Find("imageName")) is not PropertyValue.String name)
        {
            return;
        }

        var path = PropertyPath.Of("imageName");
        if (!ImageReference.TryParse(name.Value, out var reference, out var reason))
        {
            failures.Add(new CheckFailure(path, reason, "Write it as name:tag, or as registry/name:tag to push it there."));
        }
        else if (reference.Digest is not null)
        {
            failures.Add(new CheckFailure(path, $"'{name.Value}' has a digest, which an image gets only when it is built", "Leave the digest out."));
        }
        else if (Values.Plain(inputs.Find("registry")) is PropertyValue.Map && new InputReader(inputs).Flag("skipPush") is not true && !ImageReference.NamesRegistry(name.Value))
        {
            failures.Add(new CheckFailure(
                path, $"'{name.Value}' is to be pushed, and names no registry to push to", $"Write it as registry/name:tag, such as {reference.Registry}/{reference.Familiar}, or set skipPush."));
        }
    }

    private static PropertyValue DigestOf(PropertyMap inputs, LocalMachine machine, List<CheckFailure> failures)
    {
        if (!ImageInputs.IsContextKnown(inputs))
        {
            return PropertyValue.Unknown.Value;
        }

        if (ImageInputs.Open(inputs, machine, out var context) is { } fault)
        {
            failures.Add(new CheckFailure(BuildPath.Child(fault.Input), fault.Reason, fault.Remedy));
            return PropertyValue.Null.Value;
        }

        try
        {
            return context is null ? PropertyValue.Null.Value : ContextDigest.Of(context);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            failures.Add(new CheckFailure(
                BuildPath.Child("context"), $"the build context cannot be read: {unreadable.Message}", $"Give yourself permission to read it, or name it in {DockerIgnore.FileName}."));
            return PropertyValue.Null.Value;
        }
    }

    /// <summary>The same inputs on every machine: no absolute path and no platform of its own goes in.</summary>
    private static PropertyMap WithDefaults(PropertyMap inputs, PropertyValue digest)
    {
        var build = inputs.Find("build");
        if (Values.Plain(build) is not PropertyValue.Unknown)
        {
            var whole = Values.Members(build).With(ImageTable.ContextDigest, digest);
            inputs = inputs.With("build", build is PropertyValue.Secret ? new PropertyValue.Secret(whole) : whole);
        }

        if (Values.Plain(inputs.Find("registry")) is PropertyValue.Map registry
            && registry.Properties.Find("password") is { } password and not (PropertyValue.Secret or PropertyValue.Unknown or PropertyValue.Null))
        {
            // The schema says so, whether the program remembered or not.
            inputs = inputs.With("registry", registry.Properties.With("password", new PropertyValue.Secret(password)));
        }

        return PropertyMap.Of(("buildOnPreview", false), ("skipPush", false)).Merge(inputs);
    }
}
