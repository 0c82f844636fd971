using System.Text.Json;
using Provision.Providers.Libvirt.Schema;
using Provision.Providers.Schema;
using Provision.Tests.Testing;
using Xunit;

namespace Provision.Tests.Providers.Libvirt;

/// <summary>The tables of inputs of pools, volumes and networks against the package's schema (libvirt.inputs.json, from pulumi-libvirt 0.5.4).</summary>
public sealed class StorageAndNetworkTableTests
{
    private static readonly Dictionary<string, InputTable> Tables = new()
    {
        ["libvirt:index/network:Network"] = NetworkTable.Table,
        ["libvirt:index/pool:Pool"] = StorageTables.Pool,
        ["libvirt:index/volume:Volume"] = StorageTables.Volume,
    };

    public static TheoryData<string> Kinds => [.. Tables.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Trap_4_every_input_is_classified_once(string type) =>
        Assert.Equal(Schema(type).Select(input => input.Path).Order(StringComparer.Ordinal), Tables[type].Rows.Select(row => row.Path).Order(StringComparer.Ordinal));

    /// <summary>But for a volume's size, which grows where it stands (trap 28), and giving out addresses, which a running network takes up.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Everything_the_schema_replaces_on_is_replaced_on(string type) =>
        Assert.All(
            Schema(type).Where(input => input.ForceNew && input.Path is not ("size" or "dhcp")),
            input => Assert.Equal((input.Path, InputClass.Replace), (input.Path, Row(type, input.Path).Class)));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Required_inputs_are_the_schemas(string type) =>
        Assert.Equal(
            Schema(type).Where(input => input.Required).Select(input => input.Path).Order(StringComparer.Ordinal),
            Tables[type].Rows.Where(row => row.Required).Select(row => row.Path).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Types_and_defaults_are_the_schemas(string type) =>
        Assert.All(Schema(type), input =>
        {
            var row = Row(type, input.Path);
            Assert.True(Fits(input.Type, row.Kind), input.Path);
            Assert.Equal((input.Path, input.Default), (input.Path, row.Default?.ToString()));
        });

    private static bool Fits(string type, InputKind kind) => type switch
    {
        "string" => kind == InputKind.Text,
        "integer" => kind == InputKind.Integer,
        "boolean" => kind == InputKind.Flag,
        "list<string>" => kind is InputKind.TextList or InputKind.TextSet,
        _ when type.StartsWith("list<object", StringComparison.Ordinal) => kind is InputKind.ObjectList or InputKind.ObjectSet,
        _ => kind == InputKind.Nested,
    };

    private static InputRow Row(string type, string path) => Tables[type].Rows.Single(row => row.Path == path);

    private static List<(string Path, string Type, bool Required, bool ForceNew, string? Default)> Schema(string type)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Golden.Repository, "tests/Provision.Tests/Providers/Libvirt/libvirt.inputs.json")));
        return
        [
            .. json.RootElement.GetProperty(type).EnumerateArray().Select(input => (
                input.GetProperty("path").GetString() ?? "", input.GetProperty("type").GetString() ?? "", input.GetProperty("required").GetBoolean(),
                input.GetProperty("forceNew").GetBoolean(),
                input.TryGetProperty("default", out var standard) ? standard.ToString() is "True" or "False" ? standard.ToString().ToLowerInvariant() : standard.ToString() : null)),
        ];
    }
}
