using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Docker.Images;

/// <summary>Reads an Image's inputs. Pure but for a look at the build context.</summary>
internal static class ImageInputs
{
    public const string EngineBuilder = "BuilderV1";
    public const string BuildKitBuilder = "BuilderBuildKit";

    /// <summary>Labels that lowering puts on the image; ours alone, and no part of a comparison.</summary>
    public const string StampKey = "__stamp";

    private const string DefaultDockerfile = "Dockerfile";

    public static string NameOf(PropertyMap inputs) => new InputReader(inputs).Text("imageName") ?? "";

    public static string ContextOf(PropertyMap inputs) => Build(inputs).Text("context") ?? ".";

    /// <summary>As written, else the usual name in the context.</summary>
    public static string DockerfileOf(PropertyMap inputs) =>
        Build(inputs).Text("dockerfile") ?? (ContextOf(inputs) is "." ? DefaultDockerfile : $"{ContextOf(inputs).TrimEnd('/')}/{DefaultDockerfile}");

    public static bool IsContextKnown(PropertyMap inputs)
    {
        var build = inputs.Find("build");
        return Values.Plain(build) is not PropertyValue.Unknown
            && Values.Plain(Values.Members(build).Find("context")) is not PropertyValue.Unknown
            && Values.Plain(Values.Members(build).Find("dockerfile")) is not PropertyValue.Unknown;
    }

    public static ContextFault? Open(PropertyMap inputs, LocalMachine machine, out BuildContext? context) =>
        BuildContext.TryOpen(machine.Resolve(ContextOf(inputs)), machine.Resolve(DockerfileOf(inputs)), out context, out var fault) ? null : fault;

    public static string RegistryServerOf(PropertyMap inputs) => new InputReader(inputs).Object("registry")?.Text("server") ?? "";

    /// <summary>Whether to push: not where the program says so, and not where the name says no place to push to.</summary>
    public static bool Pushes(PropertyMap inputs) =>
        new InputReader(inputs).Flag("skipPush") is not true && ImageReference.NamesRegistry(NameOf(inputs));

    /// <summary>The credentials the program gives for the registry pushed to, and which registry they are for.</summary>
    public static (string Host, RegistryCredential Credential)? CredentialOf(PropertyMap inputs) =>
        new InputReader(inputs).Object("registry") is { } registry && registry.Text("username") is { } username
            ? (registry.Text("server") is { } server ? RegistryAddress.HostOf(server) : ImageReference.Parse(NameOf(inputs)).Registry,
                RegistryCredential.OfPassword(username, registry.Text("password") ?? ""))
            : null;

    public static BuildSpec SpecOf(PropertyMap inputs, LocalMachine machine)
    {
        if (Open(inputs, machine, out var context) is { } fault)
        {
            throw new ProviderException(ProviderFailure.Refused, fault.Reason, fault.Remedy, Remainder.Untouched.Value);
        }

        var build = Build(inputs);
        var given = CredentialOf(inputs);
        return new BuildSpec
        {
            Tool = build.Text("builderVersion") == BuildKitBuilder ? BuildTool.BuildKit : BuildTool.Engine,
            Name = NameOf(inputs),
            Context = context,
            Args = build.TextMap("args").ToImmutableSortedDictionary(StringComparer.Ordinal),
            Labels = new InputReader(inputs).TextMap(StampKey).ToImmutableSortedDictionary(StringComparer.Ordinal),
            CacheFrom = build.Object("cacheFrom")?.Texts("images") ?? [],
            ExtraHosts = build.Texts("addHosts"),
            Network = build.Text("network"),
            Platform = build.Text("platform"),
            Target = build.Text("target"),
            Credentials = given is { } pair
                ? ImmutableDictionary<string, RegistryCredential>.Empty.Add(pair.Host, pair.Credential)
                : ImmutableDictionary<string, RegistryCredential>.Empty,
            Mask = MaskOf(inputs),
        };
    }

    /// <summary>
    /// What the image was made of, to compare with later. Without credentials: they are not what an image is made of. Its secrets are
    /// laid open, for the whole is kept as one secret.
    /// </summary>
    public static PropertyMap Remembered(PropertyMap inputs)
    {
        var kept = Revealed(inputs.Without(StampKey));
        return kept.Find("registry") is PropertyValue.Map registry
            ? kept.With("registry", registry.Properties.Without("username").Without("password"))
            : kept;
    }

    private static PropertyMap Revealed(PropertyMap map) => map.WithValues((_, value) => Revealed(value));

    private static PropertyValue Revealed(PropertyValue value) => value switch
    {
        PropertyValue.Secret secret => Revealed(secret.Reveal()),
        PropertyValue.Map map => Revealed(map.Properties),
        PropertyValue.List list => list.WithItems(Revealed),
        _ => value,
    };

    private static SecretMask MaskOf(PropertyMap inputs) => SecretMask.Of(inputs).With(CredentialOf(inputs)?.Credential.Secrets ?? []);

    private static InputReader Build(PropertyMap inputs) => new(Values.Members(inputs.Find("build")));
}
