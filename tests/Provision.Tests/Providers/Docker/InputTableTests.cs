using System.Text.Json;
using Provision.Providers.Docker.Images;
using Provision.Providers.Docker.Schema;
using Provision.Providers.Schema;
using Xunit;

namespace Provision.Tests.Providers.Docker;

/// <summary>The tables of inputs against the package's schema (docker.inputs.json, from pulumi-docker 5.1).</summary>
public sealed class InputTableTests
{
    private static readonly Dictionary<string, InputTable> Tables = new()
    {
        ["docker:index/container:Container"] = ContainerTable.Table,
        ["docker:index/image:Image"] = ImageTable.Table,
        ["docker:index/network:Network"] = NetworkTable.Table,
        ["docker:index/remoteImage:RemoteImage"] = RemoteImageTable.Table,
        ["docker:index/volume:Volume"] = VolumeTable.Table,
    };

    public static TheoryData<string> Kinds => [.. Tables.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Trap_4_every_input_is_classified_once(string type) =>
        Assert.Equal(Schema(type).Select(input => input.Path).Order(StringComparer.Ordinal), Tables[type].Rows.Select(row => row.Path).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Everything_the_schema_replaces_on_is_replaced_on(string type) =>
        Assert.All(Schema(type).Where(input => input.ForceNew), input => Assert.Equal((input.Path, InputClass.Replace), (input.Path, Row(type, input.Path).Class)));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Required_inputs_are_the_schemas(string type) =>
        Assert.Equal(
            Schema(type).Where(input => input.Required).Select(input => input.Path).Order(StringComparer.Ordinal),
            Tables[type].Rows.Where(row => row.Required).Select(row => row.Path).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Types_are_the_schemas(string type) =>
        Assert.All(Schema(type), input => Assert.True(Fits(input.Type, Row(type, input.Path).Kind), input.Path));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Defaults_are_the_schemas(string type) =>
        Assert.All(Schema(type), input => Assert.Equal((input.Path, input.Default), (input.Path, Row(type, input.Path).Default?.ToString())));

    private static bool Fits(string type, InputKind kind) => type switch
    {
        "string" or "enum<string>" => kind == InputKind.Text,
        "integer" => kind == InputKind.Integer,
        "boolean" => kind == InputKind.Flag,
        "map<string>" => kind == InputKind.TextMap,
        "list<string>" => kind is InputKind.TextList or InputKind.TextSet,
        _ when type.StartsWith("list<object", StringComparison.Ordinal) => kind is InputKind.ObjectList or InputKind.ObjectSet,
        _ => kind == InputKind.Nested,
    };

    private static InputRow Row(string type, string path) => Tables[type].Rows.Single(row => row.Path == path);

    private static List<(string Path, string Type, bool Required, bool ForceNew, string? Default)> Schema(string type)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryFolder(), "tests/Provision.Tests/Providers/Docker/docker.inputs.json")));
        return
        [
            .. json.RootElement.GetProperty(type).EnumerateArray().Select(input => (
                input.GetProperty("path").GetString() ?? "", input.GetProperty("type").GetString() ?? "", input.GetProperty("required").GetBoolean(),
                input.GetProperty("forceNew").GetBoolean(),
                input.TryGetProperty("default", out var standard) ? standard.ToString() is "True" or "False" ? standard.ToString().ToLowerInvariant() : standard.ToString() : null)),
        ];
    }

    private static string RepositoryFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Provision.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
