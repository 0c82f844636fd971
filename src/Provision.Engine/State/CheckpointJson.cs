using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Provision.Engine.Resources;

namespace Provision.Engine.State;

/// <summary>
/// Writes checkpoints and deployments in Pulumi's JSON, compact and streaming; <see cref="CheckpointReader"/> reads them. A foreign file
/// read and written unchanged comes out byte for byte, but for the manifest's time and version.
/// </summary>
public static class CheckpointJson
{
    public const int NewestVersion = 4;

    private static readonly ImmutableArray<string> DeploymentOrder = ["metadata", "snippets", "extensions"];

    /// <summary>Reads a checkpoint file. Versions 0 to 4; secrets stay encrypted until revealed.</summary>
    /// <param name="utf8">The file's content.</param>
    /// <param name="where">The file, for errors.</param>
    /// <param name="secrets">Opens the provider the file records; null in it means nothing was encrypted.</param>
    /// <exception cref="CheckpointFormatException">The file is damaged, or newer than this tool.</exception>
    public static Checkpoint Read(ReadOnlySpan<byte> utf8, string where, ISecretsSource secrets) =>
        CheckpointReader.ReadCheckpoint(utf8, where, secrets);

    /// <summary>Writes a checkpoint file.</summary>
    public static void Write(Stream output, Checkpoint checkpoint, ISecretsProvider secrets)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(secrets);
        var features = CheckpointFeatures.Needed(checkpoint.Features, checkpoint.Snapshot);
        var json = new CanonicalJsonWriter(output);
        json.StartObject();
        WriteVersion(json, checkpoint.IsDeployed ? VersionFor(features) : 0, features);
        json.Name("checkpoint");
        json.StartObject();
        json.Name("stack");
        json.String(checkpoint.Stack);
        if (checkpoint.UnknownMembers.TryGetValue("config", out var config))
        {
            json.Name("config");
            json.Element(config);
        }

        if (checkpoint.IsDeployed)
        {
            json.Name("latest");
            WriteDeployment(json, checkpoint, SecretForm.EncryptedBy(secrets), secrets);
        }

        WriteUnknown(json, checkpoint.UnknownMembers, except: ["config"]);
        json.EndObject();
        WriteUnknown(json, checkpoint.UnknownFileMembers, except: []);
        json.EndObject();
        json.Flush();
    }

    /// <summary>Writes what <c>stack export</c> gives: the deployment alone, indented; with <paramref name="showSecrets"/> in clear text.</summary>
    public static void WriteExport(Stream output, Checkpoint checkpoint, ISecretsProvider secrets, bool showSecrets)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(secrets);
        var features = CheckpointFeatures.Needed(checkpoint.Features, checkpoint.Snapshot);
        var json = new CanonicalJsonWriter(output, indentation: 4);
        json.StartObject();
        WriteVersion(json, VersionFor(features), features);
        json.Name("deployment");
        WriteDeployment(json, checkpoint, showSecrets ? SecretForm.Shown : SecretForm.EncryptedBy(secrets), secrets);
        json.EndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    /// <summary>The manifest's proof against changes by hand: the SHA-256 of the version that wrote it.</summary>
    internal static string Magic(string version) =>
        version.Length == 0 ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(version)));

    internal static string NameOf(PendingKind kind) => kind switch
    {
        PendingKind.Creating => "creating",
        PendingKind.Updating => "updating",
        PendingKind.Deleting => "deleting",
        PendingKind.Reading => "reading",
        PendingKind.Importing => "importing",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    internal static void WritePending(CanonicalJsonWriter json, PendingOperation pending, SecretForm form)
    {
        json.StartObject();
        json.Name("resource");
        ResourceJson.Write(json, pending.Resource, form);
        json.Name("type");
        json.String(NameOf(pending.Kind));
        json.EndObject();
    }

    private static int VersionFor(ImmutableArray<string> features) => features.IsEmpty ? 3 : 4;

    private static void WriteVersion(CanonicalJsonWriter json, int version, ImmutableArray<string> features)
    {
        json.Name("version");
        json.Integer(version);
        if (features.IsEmpty)
            return;

        json.Name("features");
        json.StartArray();
        foreach (var feature in features)
            json.String(feature);
        json.EndArray();
    }

    private static void WriteDeployment(CanonicalJsonWriter json, Checkpoint checkpoint, SecretForm form, ISecretsProvider secrets)
    {
        var snapshot = checkpoint.Snapshot;
        json.StartObject();
        json.Name("manifest");
        WriteManifest(json, checkpoint.Manifest);

        // A provider that has not been used yet makes its salt with the first secret, and its state comes before the resources.
        if (secrets.State is null && form.Encrypt is not null && snapshot.Resources.Concat(snapshot.PendingOperations.Select(pending => pending.Resource)).Any(HasSecrets))
            secrets.Encrypt("");
        if ((secrets.State ?? checkpoint.Secrets) is { } provider)
            WriteSecretsProvider(json, provider);

        if (!snapshot.Resources.IsEmpty)
        {
            json.Name("resources");
            json.StartArray();
            foreach (var state in snapshot.Resources)
                ResourceJson.Write(json, state, form);
            json.EndArray();
        }

        if (!snapshot.PendingOperations.IsEmpty)
        {
            json.Name("pending_operations");
            json.StartArray();
            foreach (var pending in snapshot.PendingOperations)
                WritePending(json, pending, form);
            json.EndArray();
        }

        foreach (var member in DeploymentOrder)
        {
            if (snapshot.UnknownMembers.TryGetValue(member, out var kept))
            {
                json.Name(member);
                json.Element(kept);
            }
            else if (member == "metadata" && checkpoint.HasMetadata)
            {
                json.Name(member);
                json.StartObject();
                json.EndObject();
            }
        }

        WriteUnknown(json, snapshot.UnknownMembers, except: DeploymentOrder.AsSpan());
        json.EndObject();
    }

    private static void WriteManifest(CanonicalJsonWriter json, CheckpointManifest manifest)
    {
        json.StartObject();
        json.Name("time");
        json.String(manifest.Time);
        json.Name("magic");
        json.String(Magic(manifest.Version));
        json.Name("version");
        json.String(manifest.Version);
        WriteUnknown(json, manifest.UnknownMembers, except: []);
        json.EndObject();
    }

    internal static void WriteSecretsProvider(CanonicalJsonWriter json, SecretsProviderState provider)
    {
        json.Name("secrets_providers");
        json.StartObject();
        json.Name("type");
        json.String(provider.Type);
        if (provider.StateJson.Length > 0)
        {
            using var state = JsonDocument.Parse(provider.StateJson, JsonLimits.Document);
            json.Name("state");
            json.Element(state.RootElement);
        }

        json.EndObject();
    }

    private static void WriteUnknown(CanonicalJsonWriter json, ImmutableSortedDictionary<string, JsonElement> members, ReadOnlySpan<string> except)
    {
        foreach (var (member, value) in members)
        {
            if (except.Contains(member))
                continue;

            json.Name(member);
            json.Element(value);
        }
    }

    private static bool HasSecrets(ResourceState state) =>
        SecretValues.HasFresh(state.Inputs) || SecretValues.HasFresh(state.Outputs);
}
