using System.Text;
using System.Text.Json;
using Provision.Engine.Resources;
using Provision.Engine.State;
using Xunit;

namespace Provision.Tests.Engine.State;

public sealed class CheckpointJsonTests
{
    /// <summary>In the order pulumi writes, with members of a tool that knows more than we do at every level.</summary>
    private const string Foreign =
        """
        {"version":4,"features":["taint","hooks"],"checkpoint":{"stack":"organization/lab/dev","config":{"lab:size":{"secure":"v1:x"}},"latest":{
        "manifest":{"time":"2026-08-21T10:11:12.123456789+02:00","magic":"MAGIC","version":"v3.259.0","plugins":[{"name":"docker","path":"/p","type":"resource","version":"4.0.0"}],"zManifest":1.50},
        "secrets_providers":{"type":"passphrase","state":{"salt":"v1:fozI5u6B030=:v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ=="}},
        "resources":[
        {"urn":"urn:pulumi:dev::lab::pulumi:pulumi:Stack::lab-dev","custom":false,"type":"pulumi:pulumi:Stack","outputs":{"<tag>":"a & b","deep":{"list":[1,2.5,1e-7,1e+21,null,true]}},"zz":{"b":1,"a":[]}},
        {"urn":"urn:pulumi:dev::lab::pulumi:providers:docker::default_4_0_0","custom":true,"id":"cdb8fa2e","type":"pulumi:providers:docker","inputs":{"__internal":{},"version":"4.0.0"},"outputs":{"version":"4.0.0"}},
        {"urn":"urn:pulumi:dev::lab::docker:index/network:Network::net","custom":true,"delete":true,"id":"n0","type":"docker:index/network:Network","parent":"urn:pulumi:dev::lab::pulumi:pulumi:Stack::lab-dev","external":true,"provider":"urn:pulumi:dev::lab::pulumi:providers:docker::default_4_0_0::cdb8fa2e"},
        {"urn":"urn:pulumi:dev::lab::docker:index/network:Network::net","custom":true,"id":"n1","type":"docker:index/network:Network","inputs":{"password":{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","ciphertext":"v1:abc:def"}},"parent":"urn:pulumi:dev::lab::pulumi:pulumi:Stack::lab-dev","protect":true,"taint":true,"initErrors":["half"],"provider":"urn:pulumi:dev::lab::pulumi:providers:docker::default_4_0_0::cdb8fa2e","pendingReplacement":true,"additionalSecretOutputs":["password"],"aliases":["urn:pulumi:dev::lab::docker:index/network:Network::old"],"customTimeouts":{"create":600,"delete":0.5},"importID":"imp","retainOnDelete":true,"created":"2024-01-02T03:04:05.123456789Z","modified":"2024-01-02T03:04:05Z","sourcePosition":"project:///a.ts#1,2","stackTrace":[{"sourcePosition":"project:///a.ts#1,2"}],"ignoreChanges":["a"],"hideDiff":["b"],"replaceOnChanges":["c"],"replacementTrigger":{"x":1},"refreshBeforeUpdate":false,"viewOf":"","resourceHooks":{"BeforeCreate":["h"]},"extensionRef":"e","snippetID":"s","aNew":"é😀","zNew":[{}]},
        {"urn":"urn:pulumi:dev::lab::docker:index/container:Container::web::1","custom":true,"id":"w","type":"docker:index/container:Container","inputs":{"image":{"4dabf18193072939515e22adb298388d":"c44067f5952c0a294b673a41bacd8c17","hash":"ab","path":"./x"},"src":{"4dabf18193072939515e22adb298388d":"0def7320c3a5731c473e5ecbe6d01bc7","hash":"cd","uri":"https://example.org/x.zip"},"unknown":"04da6b54-80e4-46f7-96ec-b56ff0331ba9"},"parent":"urn:pulumi:dev::lab::pulumi:pulumi:Stack::lab-dev","dependencies":["urn:pulumi:dev::lab::docker:index/network:Network::net"],"provider":"urn:pulumi:dev::lab::pulumi:providers:docker::default_4_0_0::cdb8fa2e","propertyDependencies":{"image":[],"networks":["urn:pulumi:dev::lab::docker:index/network:Network::net"]},"deletedWith":"urn:pulumi:dev::lab::docker:index/network:Network::net"}
        ],"pending_operations":[{"resource":{"urn":"urn:pulumi:dev::lab::docker:index/network:Network::new","custom":true,"type":"docker:index/network:Network","inputs":{"name":"new"},"zPending":null},"type":"creating"}],
        "metadata":{"integrity_error":{"version":"v3","command":"up","error":"e"}},"snippets":null,"extensions":{"r":{"name":"n"}},"zDeployment":"x"},"zCheckpoint":0.10},"zFile":[1,2]}
        """;

    private static string ForeignText { get; } = Foreign.Replace("\n", "", StringComparison.Ordinal)
        .Replace("MAGIC", CheckpointJson.Magic("v3.259.0"), StringComparison.Ordinal);

    [Fact]
    public void A_foreign_checkpoint_comes_out_byte_for_byte()
    {
        var secrets = new TestSecrets { State = null };

        var written = States.Text(States.Read(ForeignText, secrets), secrets);

        Assert.Equal(ForeignText, written);
        Assert.Equal(0, secrets.Decrypted);
    }

    [Fact]
    public void What_a_foreign_checkpoint_says_is_understood()
    {
        var checkpoint = States.Read(ForeignText);

        Assert.Equal("organization/lab/dev", checkpoint.Stack);
        Assert.Equal("v1:fozI5u6B030=:v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ==", checkpoint.Secrets?.Salt);
        Assert.Equal(["lab-dev", "default_4_0_0", "net", "net", "web::1"], States.Names(checkpoint.Snapshot));
        var network = checkpoint.Snapshot.Resources[3];
        Assert.Equal(new CustomTimeouts(Create: TimeSpan.FromMinutes(10), Delete: TimeSpan.FromSeconds(0.5)), network.CustomTimeouts);
        Assert.Equal(new DateTimeOffset(2024, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1234567), network.Created);
        Assert.Equal("imp", network.ImportId);
        Assert.True(network is { Protect: true, PendingReplacement: true, RetainOnDelete: true });
        Assert.Empty(SnapshotChecks.Run(checkpoint.Snapshot));
        Assert.Equal(PendingKind.Creating, Assert.Single(checkpoint.Snapshot.PendingOperations).Kind);
    }

    [Fact]
    public void A_changed_time_is_written_instead_of_the_one_that_was_read()
    {
        var checkpoint = States.Read(ForeignText);
        var modified = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var changed = checkpoint with
        {
            Snapshot = checkpoint.Snapshot with { Resources = [.. checkpoint.Snapshot.Resources.Select(state => state with { Created = modified })] },
        };

        Assert.Contains("\"created\":\"2026-01-01T00:00:00Z\"", States.Text(changed, new TestSecrets()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stack_that_was_never_deployed_is_version_0_without_latest()
    {
        const string expected = """{"version":0,"checkpoint":{"stack":"organization/lab/dev"}}""";
        var empty = new Checkpoint { Stack = States.Stack.FullName };

        Assert.Equal(expected, States.Text(empty, new TestSecrets()));
        Assert.Equal(expected, States.Text(States.Read(expected), new TestSecrets()));
    }

    [Theory]
    [InlineData("""{"stack":"dev","latest":{"manifest":{"time":"","magic":"","version":""},"resources":[{"urn":"urn:pulumi:dev::lab::a:b:C::d","custom":true,"id":"1","type":"a:b:C"}]}}""")]
    [InlineData("""{"version":1,"checkpoint":{"stack":"dev","latest":{"manifest":{"time":"","magic":"","version":""},"resources":[{"urn":"urn:pulumi:dev::lab::a:b:C::d","custom":true,"id":"1","type":"a:b:C","defaults":{}}]}}}""")]
    [InlineData("""{"version":2,"checkpoint":{"stack":"dev","latest":{"manifest":{"time":"","magic":"","version":""},"resources":[{"urn":"urn:pulumi:dev::lab::a:b:C::d","custom":true,"id":"1","type":"a:b:C"}]}}}""")]
    public void Old_versions_are_read_and_written_as_version_3(string old)
    {
        var checkpoint = States.Read(old);

        Assert.Equal("1", Assert.Single(checkpoint.Snapshot.Resources).Id);
        Assert.StartsWith("{\"version\":3,\"checkpoint\":{\"stack\":\"dev\",\"latest\":{", States.Text(checkpoint, new TestSecrets()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_of_a_newer_tool_is_called_that_whatever_it_holds()
    {
        var error = Assert.Throws<CheckpointFormatException>(() => States.Read("""{"checkpoint":{"latest":7},"version":5}"""));

        Assert.Equal("PROV1211", error.Diagnostic.Code);
    }

    [Fact]
    public void An_unknown_feature_is_refused_by_name()
    {
        var error = Assert.Throws<CheckpointFormatException>(() => States.Read("""{"version":4,"features":["taint","levitation"],"checkpoint":{"stack":"s"}}"""));

        Assert.Equal("PROV1212", error.Diagnostic.Code);
        Assert.Contains("levitation", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_changed_by_hand_is_refused()
    {
        var error = Assert.Throws<CheckpointFormatException>(() => States.Read(ForeignText.Replace("v3.259.0", "v3.260.0", StringComparison.Ordinal)));

        Assert.Equal("PROV1213", error.Diagnostic.Code);
    }

    [Fact]
    public void Every_cut_of_a_checkpoint_is_refused_as_damaged()
    {
        var bytes = Encoding.UTF8.GetBytes(ForeignText);
        for (var length = 0; length < bytes.Length; length += 7)
        {
            var cut = bytes[..length];
            Assert.Equal("PROV1210", Assert.Throws<CheckpointFormatException>(() => CheckpointJson.Read(cut, "dev.json", new TestSecrets())).Diagnostic.Code);
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"version":"3"}""")]
    [InlineData("""{"version":-1,"checkpoint":{}}""")]
    [InlineData("""{"version":3,"checkpoint":{"latest":{"resources":{}}}}""")]
    [InlineData("""{"version":3,"checkpoint":{"latest":{"resources":[{"urn":"x"}]}}}""")]
    [InlineData("""{"version":3,"checkpoint":{"latest":{"resources":[{"urn":7}]}}}""")]
    [InlineData("""{"version":3,"checkpoint":{"latest":{"resources":[{"custom":"yes"}]}}}""")]
    [InlineData("""{"version":3,"checkpoint":{"latest":{"pending_operations":[{"type":"dreaming"}]}}}""")]
    [InlineData("""{"version":3,"checkpoint":{"latest":{}}} {}""")]
    public void What_is_no_checkpoint_is_refused_as_damaged(string text) =>
        Assert.Equal("PROV1210", Assert.Throws<CheckpointFormatException>(() => States.Read(text)).Diagnostic.Code);

    [Fact]
    public void Replace_with_needs_version_4_and_nothing_else_of_ours_does()
    {
        var plain = States.Of(States.Container("a"), States.Container("b", "a"));
        var replaced = States.Of(States.Container("a"), States.Container("b") with { ReplaceWith = [States.UrnOf("a")] });

        Assert.StartsWith("{\"version\":3,\"checkpoint\"", States.Text(plain), StringComparison.Ordinal);
        Assert.StartsWith("{\"version\":4,\"features\":[\"replaceWith\"],\"checkpoint\"", States.Text(replaced), StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_secret_brings_its_provider_into_the_file()
    {
        using var folder = new TempFolder();
        var secrets = new PassphraseSecrets(new PassphraseSource(new PassphraseEnvironment("", null, folder.Path)), null);
        var snapshot = States.Of(States.Container("a") with { Inputs = PropertyMap.Of(("key", new PropertyValue.Secret("hush"))) });

        var text = States.Text(new Checkpoint { IsDeployed = true, Snapshot = snapshot }, secrets);

        Assert.Contains("\"secrets_providers\":{\"type\":\"passphrase\",\"state\":{\"salt\":\"v1:", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", text, StringComparison.Ordinal);
        Assert.Equal(secrets.EncryptionSalt, States.Read(text).Secrets?.Salt);
    }

    [Fact]
    public void Unknown_members_may_be_nested_hundreds_deep()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 800)) + string.Concat(Enumerable.Repeat("]", 800));
        var text = """{"version":3,"checkpoint":{"stack":"s","latest":{"manifest":{"time":"","magic":"","version":""},"metadata":{},"z":""" + deep + "}}}";

        Assert.Equal(text, States.Text(States.Read(text), new TestSecrets { State = null }));
    }

    [Fact]
    public void Export_is_indented_by_four_and_shows_secrets_only_when_asked()
    {
        var secrets = new TestSecrets();
        var checkpoint = new Checkpoint { IsDeployed = true, Snapshot = States.Of(States.Container("a") with { Inputs = PropertyMap.Of(("k", new PropertyValue.Secret("hush"))) }) };
        using var hidden = new MemoryStream();
        using var shown = new MemoryStream();

        CheckpointJson.WriteExport(hidden, checkpoint, secrets, showSecrets: false);
        CheckpointJson.WriteExport(shown, checkpoint, secrets, showSecrets: true);

        Assert.StartsWith("{\n    \"version\": 3,\n    \"deployment\": {\n        \"manifest\": {", Encoding.UTF8.GetString(hidden.ToArray()), StringComparison.Ordinal);
        Assert.DoesNotContain("hush", Encoding.UTF8.GetString(hidden.ToArray()), StringComparison.Ordinal);
        Assert.Contains("\"plaintext\": \"\\\"hush\\\"\"", Encoding.UTF8.GetString(shown.ToArray()), StringComparison.Ordinal);
        using var parsed = JsonDocument.Parse(hidden.ToArray());
        Assert.Equal(3, parsed.RootElement.GetProperty("deployment").GetProperty("resources").GetArrayLength());
    }
}
