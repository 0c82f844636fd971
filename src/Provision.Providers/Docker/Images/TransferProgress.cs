using System.Text.Json;
using Docker.DotNet.Models;
using Provision.Engine.Contract;

namespace Provision.Providers.Docker.Images;

/// <summary>Adds up what the engine says of each layer of a pull or push.</summary>
internal sealed class TransferProgress(string doing, IStepProgress progress) : IProgress<JSONMessage>
{
    private readonly Dictionary<string, Layer> _layers = new(StringComparer.Ordinal);

    private sealed record Layer(long Done, long Total, bool Finished);

    /// <summary>The registry's refusal; null while there is none.</summary>
    public string? Error { get; private set; }

    /// <summary>The digest a push ended with.</summary>
    public string? Digest { get; private set; }

    public void Report(JSONMessage value)
    {
        if (value.Error?.Message is { Length: > 0 } error)
        {
            Error = error;
        }

        if (value.Aux?.ExtensionData is { } aux && aux.TryGetValue("Digest", out var digest))
        {
            Digest = digest is JsonElement json ? json.GetString() : digest?.ToString();
        }

        if (value is { ID: { Length: > 0 } id, Status: { Length: > 0 } status } && Next(_layers.GetValueOrDefault(id), status, value.Progress) is { } layer)
        {
            _layers[id] = layer;
            Tell();
        }
    }

    private static Layer? Next(Layer? before, string status, JSONProgress? amount)
    {
        var layer = before ?? new Layer(0, 0, false);
        return status switch
        {
            "Pulling fs layer" or "Waiting" or "Preparing" => layer,
            "Downloading" or "Pushing" => layer with { Done = amount?.Current ?? layer.Done, Total = Math.Max(amount?.Total ?? 0, Math.Max(amount?.Current ?? 0, layer.Total)) },
            "Verifying Checksum" or "Download complete" or "Extracting" => layer with { Done = layer.Total },
            "Pull complete" or "Pushed" => layer with { Done = layer.Total, Finished = true },
            "Already exists" or "Layer already exists" => layer with { Finished = true },
            _ when status.StartsWith("Mounted from", StringComparison.Ordinal) => layer with { Finished = true },
            _ => null,
        };
    }

    private void Tell()
    {
        var (finished, done, total) = (_layers.Values.Count(layer => layer.Finished), _layers.Values.Sum(layer => layer.Done), _layers.Values.Sum(layer => layer.Total));
        progress.Report($"{doing}: {finished} of {_layers.Count} layers", total > 0 ? done : null, total > 0 ? total : null);
    }
}
