using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Schema;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Provision.Providers.Libvirt.FirstBoot;

/// <summary>Makes Pulumi's inputs of the hidden <c>__firstBoot</c>: what holds a secret is one, and what holds an unknown is unknown. Pure.</summary>
internal static class FirstBootData
{
    /// <summary>The inputs with <c>userData</c> and <c>metaData</c> in the place of <c>__firstBoot</c>.</summary>
    public static PropertyMap ForCloudInit(Urn urn, PropertyMap inputs, List<CheckFailure> failures) =>
        Resolve(inputs, failures, (plan, rest) =>
        {
            var userData = plan.Format == "script" ? FirstBootScript.Write(plan) : CloudConfig.Write(plan);
            return rest.With("userData", userData).With("metaData", MetaData(ContentDigest.Of(urn, Values.HasSecret(inputs.Find(FirstBootReader.Name)), userData), plan.HostName));
        }, "ignition", "userData", "metaData");

    /// <summary>The inputs with <c>content</c> in the place of <c>__firstBoot</c>.</summary>
    public static PropertyMap ForContent(PropertyMap inputs, List<CheckFailure> failures, bool ignition) =>
        Resolve(inputs, failures, (plan, rest) => rest.With("content", ignition ? IgnitionConfig.Write(plan) : FirstBootScript.Write(plan)),
            ignition ? "script" : "ignition", "content");

    private static PropertyMap Resolve(
        PropertyMap inputs, List<CheckFailure> failures, Func<FirstBootPlan, PropertyMap, PropertyMap> write, string foreignFormat, params string[] made)
    {
        if (Values.Plain(inputs.Find(FirstBootReader.Name)) is not { } firstBoot)
        {
            return inputs;
        }

        var rest = inputs.Without(FirstBootReader.Name);
        if (made.FirstOrDefault(name => Values.Plain(inputs.Find(name)) is not null) is { } twice)
        {
            failures.Add(new CheckFailure(PropertyPath.Of(twice), $"{twice} and first boot data exclude each other", "Keep one of the two."));
            return inputs;
        }

        PropertyMap result;
        if (Values.HasUnknown(firstBoot))
        {
            result = made.Aggregate(rest, (map, name) => map.With(name, PropertyValue.Unknown.Value));
        }
        else
        {
            var before = failures.Count;
            var plan = FirstBootReader.Read(Values.Members(firstBoot), failures);
            if (plan.Format == foreignFormat)
            {
                failures.Add(new CheckFailure(PropertyPath.Of(FirstBootReader.Name).Child("format"), $"this kind of disk carries no {foreignFormat} data"));
            }

            if (failures.Count > before)
            {
                return inputs;
            }

            result = write(plan, rest);
        }

        return Values.HasSecret(inputs.Find(FirstBootReader.Name))
            ? made.Aggregate(result, (map, name) => map.With(name, new PropertyValue.Secret(map[name])))
            : result;
    }

    /// <summary>What cloud-init knows the instance by: with another id it does first boot's work again.</summary>
    internal static string MetaData(Guid instance, string? hostName)
    {
        var node = new YamlMappingNode { { "instance-id", Quoted(instance.ToString("D")) } };
        if (hostName is not null)
        {
            node.Add("local-hostname", Quoted(hostName));
        }

        return CloudConfigText.Write(node)[(CloudConfigText.Header.Length + 1)..];
    }

    private static YamlScalarNode Quoted(string text) => new(text) { Style = ScalarStyle.DoubleQuoted };
}
