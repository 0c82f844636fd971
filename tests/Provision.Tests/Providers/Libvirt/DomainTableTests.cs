using System.Text.Json;
using Provision.Providers.Libvirt.Schema;
using Provision.Providers.Schema;
using Provision.Tests.Testing;
using Xunit;

namespace Provision.Tests.Providers.Libvirt;

/// <summary>The tables of inputs against the package's schema (libvirt.inputs.json, from pulumi-libvirt 0.5.4).</summary>
public sealed class DomainTableTests
{
    private static readonly Dictionary<string, InputTable> Tables = new()
    {
        ["libvirt:index/domain:Domain"] = DomainTable.Table,
        ["libvirt:index/cloudInitDisk:CloudInitDisk"] = SeedTables.CloudInitDisk,
        ["libvirt:index/ignition:Ignition"] = SeedTables.Content,
        ["libvirt:index/combustion:Combustion"] = SeedTables.Content,
    };

    public static TheoryData<string> Kinds => [.. Tables.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Trap_4_every_input_is_classified_once(string type) =>
        Assert.Equal(Schema(type).Select(input => input.Path).Order(StringComparer.Ordinal), Tables[type].Rows.Select(row => row.Path).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Required_inputs_are_the_schemas(string type) =>
        Assert.Equal(
            Schema(type).Where(input => input.Required).Select(input => input.Path).Order(StringComparer.Ordinal),
            Tables[type].Rows.Where(row => row.Required).Select(row => row.Path).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Types_are_the_schemas(string type) => Assert.All(Schema(type), input => Assert.True(Fits(input.Type, Row(type, input.Path).Kind), input.Path));

    /// <summary>But for the domain's type, which is chosen by what the host can.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Defaults_are_the_schemas(string type) =>
        Assert.All(
            Schema(type).Where(input => input.Path != "type"),
            input => Assert.Equal((input.Path, input.Default), (input.Path, Row(type, input.Path).Default?.ToString())));

    [Fact]
    public void Trap_5_only_name_architecture_and_firmware_make_another_machine() =>
        Assert.Equal(
            ["arch", "firmware", "name", "nvram", "nvram.file", "nvram.template"],
            DomainTable.Table.Rows.Where(row => row.Class == InputClass.Replace).Select(row => row.Path).Order(StringComparer.Ordinal));

    private static bool Fits(string type, InputKind kind) => type switch
    {
        "string" => kind == InputKind.Text,
        "integer" => kind == InputKind.Integer,
        "boolean" => kind == InputKind.Flag,
        "list<string>" => kind is InputKind.TextList or InputKind.TextSet,
        "list<map<string>>" => kind == InputKind.TextMapList,
        _ when type.StartsWith("list<object", StringComparison.Ordinal) => kind is InputKind.ObjectList or InputKind.ObjectSet,
        _ => kind == InputKind.Nested,
    };

    private static InputRow Row(string type, string path) => Tables[type].Rows.Single(row => row.Path == path);

    private static List<(string Path, string Type, bool Required, string? Default)> Schema(string type)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Golden.Repository, "tests/Provision.Tests/Providers/Libvirt/libvirt.inputs.json")));
        return
        [
            .. json.RootElement.GetProperty(type).EnumerateArray().Select(input => (
                input.GetProperty("path").GetString() ?? "", input.GetProperty("type").GetString() ?? "", input.GetProperty("required").GetBoolean(),
                input.TryGetProperty("default", out var standard) ? standard.ToString() is "True" or "False" ? standard.ToString().ToLowerInvariant() : standard.ToString() : null)),
        ];
    }
}
