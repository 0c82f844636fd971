using Provision.Providers.Schema;
using static Provision.Providers.Schema.InputClass;
using static Provision.Providers.Schema.InputKind;

namespace Provision.Providers.Docker.Images;

/// <summary>The inputs of <c>docker:index/image:Image</c>. Every change that reaches an image builds it anew under its name.</summary>
internal static class ImageTable
{
    public const string ContextDigest = "contextDigest";

    public static readonly InputTable Table = new(
        new("build", Nested, Live),
        new("build.addHosts", TextList, Live),
        new("build.args", TextMap, Live),
        new("build.builderVersion", Text, Live) { Canonical = BuilderVersion, Expected = "BuilderV1 or BuilderBuildKit" },
        new("build.cacheFrom", Nested, Live),
        new("build.cacheFrom.images", TextList, Live),
        new("build.context", Text, Live),
        new("build.dockerfile", Text, Live),
        new("build.network", Text, Live),
        new("build.platform", Text, Live),
        new("build.target", Text, Live),

        // Accepted for the sake of programs that set it: previews here never build.
        new("buildOnPreview", Flag, StateOnly),
        new("imageName", Text, Live) { Required = true },
        new("registry", Nested, Live),
        new("registry.password", Text, StateOnly),
        new("registry.server", Text, Live),
        new("registry.username", Text, StateOnly),
        new("skipPush", Flag, Live));

    /// <summary>What decides whether to build again: the inputs that reach the image, and the hidden one that stands for the files.</summary>
    public static readonly InputTable Compared = new(
    [
        .. Table.Rows.Where(row => row.Class != StateOnly),
        new("build." + ContextDigest, Text, Live),
    ]);

    private static string? BuilderVersion(string text) => text is ImageInputs.EngineBuilder or ImageInputs.BuildKitBuilder ? text : null;
}
