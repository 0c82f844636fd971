using System.Runtime.Versioning;
using CsCheck;
using Provision.Cli.Projects;
using Provision.Engine.Resources;
using Provision.Tests.Cli.Loading;
using Xunit;

namespace Provision.Tests.Cli.Projects;

[UnsupportedOSPlatform("windows")]
public sealed class StackConfigFileTests
{
    private const string Commented =
        """
        # The lab of the spring term.
        encryptionsalt: v1:abc:def

        config:
          # How many are enrolled.
          labs:students: 30   # as of March
          labs:names: [ann, 'bob' ]
          labs:nested:
            inner:
              - one # first
              - two
            deep: {a: 1}

          labs:token:
            secure: v1:xyz
          # the end
        # after it
        other: kept
        """;

    [Theory]
    [InlineData("students", "31", "  labs:students: 30   # as of March", "  labs:students: \"31\"   # as of March")]
    [InlineData("names[1]", "eve", "[ann, 'bob' ]", "[ann, eve ]")]
    [InlineData("names[2]", "eve", "[ann, 'bob' ]", "[ann, 'bob', eve ]")]
    [InlineData("nested.inner[0]", "zero", "- one # first", "- zero # first")]
    [InlineData("nested.inner[2]", "three", "      - two\n", "      - two\n      - three\n")]
    [InlineData("nested.deep.b", "two", "{a: 1}", "{a: 1, b: two}")]
    [InlineData("nested.added", "x", "    deep: {a: 1}\n", "    deep: {a: 1}\n    added: x\n")]
    [InlineData("new", "a: b # \"c\"\n", "    secure: v1:xyz\n", "    secure: v1:xyz\n  labs:new: \"a: b # \\\"c\\\"\\n\"\n")]
    [InlineData("made.of[0].parts", "x", "    secure: v1:xyz\n", "    secure: v1:xyz\n  labs:made:\n    of:\n      - parts: x\n")]
    public void An_edit_changes_its_own_characters_and_no_other(string path, string value, string before, string after)
    {
        var file = Parse(Commented);

        var edited = file.Set(ConfigPath.Parse(path, "labs"), ConfigValue.Of(value));

        Assert.Equal(Commented.Replace(before, after, StringComparison.Ordinal), edited.Text);
    }

    [Theory]
    [InlineData("students", "  labs:students: 30   # as of March\n", "")]
    [InlineData("names[0]", "[ann, 'bob' ]", "['bob' ]")]
    [InlineData("names[1]", "[ann, 'bob' ]", "[ann ]")]
    [InlineData("nested.inner[0]", "      - one # first\n", "")]
    [InlineData("nested.deep.a", "{a: 1}", "{}")]
    [InlineData("token", "  labs:token:\n    secure: v1:xyz\n", "")]
    [InlineData("unknown", "", "")]
    public void A_removal_takes_its_own_lines_and_no_other(string path, string before, string after)
    {
        var edited = Parse(Commented).Remove(ConfigPath.Parse(path, "labs"));

        Assert.Equal(before.Length == 0 ? Commented : Commented.Replace(before, after, StringComparison.Ordinal), edited.Text);
    }

    [Fact]
    public void A_secret_is_written_as_Pulumi_writes_it()
    {
        var file = Parse(Commented).Set(ConfigPath.Parse("students", "labs"), new ConfigValue.Secure("v1:a+b/c=:d"));

        Assert.Contains("  labs:students:\n    secure: v1:a+b/c=:d   # as of March\n", file.Text, StringComparison.Ordinal);
        Assert.Equal("v1:a+b/c=:d", Assert.IsType<ConfigValue.Secure>(file.Find(ConfigPath.Parse("students", "labs"))).Ciphertext);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment")]
    [InlineData("config:\n")]
    [InlineData("config: {}\n")]
    [InlineData("config:\n\nother: x\n")]
    [InlineData("config: {labs:a: 1}")]
    [InlineData("config: # why\n    labs:a: 1 # b")]
    [InlineData("config:\r\n  labs:a: 1\r\nother: x\r\n")]
    [InlineData("{\"config\": {\"labs:a\": 1}}")]
    public void A_setting_can_be_added_to_any_layout_and_taken_away_again(string text)
    {
        var path = ConfigPath.Parse("students", "labs");
        var file = Parse(text);

        var added = file.Set(path, ConfigValue.Of("30"));
        var removed = added.Remove(path);

        Assert.Equal("30", Assert.IsType<ConfigValue.Scalar>(added.Find(path)).Text);
        Assert.Equal(file.Config.Keys, removed.Config.Keys);
        Assert.DoesNotContain("\n", added.Text.Replace("\r\n", "", StringComparison.Ordinal).Replace("\n", text.Contains('\r') ? "\n" : "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_of_any_form_and_text_survive_edits_in_any_order()
    {
        var text = Gen.OneOf(Gen.String[Gen.Char["ab :#-'\"{}[]\n\r\t\\&*!%@`,?|>~\u0000\u0085\u2028é"], 0, 8], Pick("true", "007", "1.5", "null", "-", "1e3", "0x1", "yes", "2024-01-01"));
        var scalar = text.Select(ConfigValue.Of);
        var leaf = Gen.OneOf(scalar, scalar, Gen.Const<ConfigValue>(new ConfigValue.Secure("v1:a=:b")), Pick<ConfigValue>(new ConfigValue.Scalar("5", false), new ConfigValue.Scalar("true", false)));
        var list = leaf.List[0, 3].Select(items => (ConfigValue)new ConfigValue.List([.. items]));
        var keys = Pick("a", "b", "c d", "e:f");
        var map = Gen.Select(keys, Gen.OneOf(leaf, list)).List[0, 3].Select(
            entries => (ConfigValue)new ConfigValue.Map([.. entries.DistinctBy(entry => entry.Item1).Select(entry => KeyValuePair.Create(entry.Item1, entry.Item2))]));
        var value = Gen.OneOf(leaf, list, map);
        var path = Pick("x", "y", "x.a", "x.b.c", "y[0]", "y[1]", "y[0].a", "z.a[0].b");
        var edit = Gen.Select(path, value, Gen.Bool);

        edit.List[1, 12].Sample(edits =>
        {
            var file = Parse("# top\nconfig:\n  labs:x: {a: 1} # c\n  labs:y:\n  - q\nlast: 1\n");
            foreach (var (where, what, remove) in edits)
            {
                try
                {
                    file = remove ? file.Remove(ConfigPath.Parse(where, "labs")) : file.Set(ConfigPath.Parse(where, "labs"), what);
                }
                catch (WorkspaceException exception) when (exception.Diagnostics[0].Detail.Contains("no mapping", StringComparison.Ordinal)
                    || exception.Diagnostics[0].Detail.Contains("no list", StringComparison.Ordinal)
                    || exception.Diagnostics[0].Detail.Contains("gap", StringComparison.Ordinal))
                {
                    continue;
                }

                if (!remove && !(what is ConfigValue.Map { Entries: [{ Key: "secure" }] }))
                {
                    Assert.True(what.SameAs(file.Find(ConfigPath.Parse(where, "labs"))), file.Text);
                }

                Assert.StartsWith("# top\n", file.Text, StringComparison.Ordinal);
                Assert.EndsWith("last: 1\n", file.Text, StringComparison.Ordinal);
            }
        });
    }

    [Theory]
    [InlineData("students.inner", "no mapping")]
    [InlineData("names[7]", "gap")]
    [InlineData("names.x", "no mapping")]
    [InlineData("token.x", "no mapping")]
    public void A_path_that_leads_nowhere_is_refused(string path, string why)
    {
        var exception = Assert.Throws<WorkspaceException>(() => Parse(Commented).Set(ConfigPath.Parse(path, "labs"), ConfigValue.Of("x")));

        var diagnostic = Assert.Single(exception.Diagnostics);
        Assert.Equal("PROV1313", diagnostic.Code);
        Assert.Contains(why, diagnostic.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_with_anchors_is_read_but_not_changed()
    {
        var file = Parse("config:\n  labs:a: &a x\n  labs:b: *a\n");

        Assert.Equal("x", file.Config[new ConfigKey("labs", "b")].ToText(_ => ""));
        Assert.Equal("PROV1313", Assert.Throws<WorkspaceException>(() => file.Set(ConfigPath.Parse("c", "labs"), ConfigValue.Of("x"))).Diagnostics[0].Code);
    }

    [Theory]
    [InlineData("config:\n  a: 1\n  labs:a: 2\n", "PROV1309")]
    [InlineData("config:\n  a:b:c:d: 1\n", "PROV1308")]
    [InlineData("config: [1]\n", "PROV1306")]
    [InlineData("encryptionsalt: [1]\n", "PROV1306")]
    public void A_wrong_file_is_an_error_with_its_place(string text, string code) =>
        Assert.Equal(code, Assert.Single(Assert.Throws<WorkspaceException>(() => Parse(text)).Diagnostics).Code);

    [Fact]
    public void The_longer_spelling_of_a_key_is_the_same_key()
    {
        var file = Parse("config:\n  labs:config:students: 30\n");

        var edited = file.Set(ConfigPath.Parse("students", "labs"), ConfigValue.Of("many"));

        Assert.Equal("config:\n  labs:config:students: many\n", edited.Text);
    }

    [Fact]
    public void Saving_makes_the_file_and_keeps_the_mode_of_one_that_is_there()
    {
        using var folder = new TemporaryFolder().With("Pulumi.yaml", "name: labs\nstackConfigDir: stacks\n");
        var project = ProjectFile.Find(folder.Path);

        StackConfigFile.Load(project, "os-101").Set(ConfigPath.Parse("students", "labs"), ConfigValue.Of("x")).Save();
        File.SetUnixFileMode(folder.At("stacks/Pulumi.os-101.yaml"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var again = StackConfigFile.Load(project, "os-101").Set(ConfigPath.Parse("docker:host", "labs"), ConfigValue.Of("unix:///x")).Save();

        Assert.Equal("config:\n  labs:students: x\n  docker:host: unix:///x\n", File.ReadAllText(folder.At("stacks/Pulumi.os-101.yaml")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(again.Path));
        Assert.Equal(["Pulumi.os-101.yaml"], Directory.GetFiles(folder.At("stacks")).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("")]
    [InlineData(".hidden")]
    [InlineData("a b")]
    public void A_stack_name_cannot_leave_the_folder(string name)
    {
        var project = ProjectFile.Parse("name: labs\n", "/w/Pulumi.yaml");

        Assert.Equal("PROV1314", Assert.Throws<WorkspaceException>(() => StackConfigFile.Load(project, name)).Diagnostics[0].Code);
    }

    [Fact]
    public void Objects_are_told_to_programs_as_json()
    {
        var value = Parse("config: {a: {n: 1, t: '1', b: true, z: null, l: [x, 1.5], s: {secure: c}}}").Config[new ConfigKey("labs", "a")];

        Assert.Equal("""{"n":1,"t":"1","b":true,"z":null,"l":["x",1.5],"s":"plain c"}""", value.ToText(cipher => $"plain {cipher}"));
    }

    [Theory]
    [InlineData("a", "labs", "a", "")]
    [InlineData("aws:region", "aws", "region", "")]
    [InlineData("my.project:a.b[0]", "my.project", "a", "b[0]")]
    [InlineData("a[\"x:y\"]", "labs", "a", "[\"x:y\"]")]
    public void Paths_are_read(string text, string space, string name, string inside)
    {
        var path = ConfigPath.Parse(text, "labs");

        Assert.Equal((new ConfigKey(space, name), PropertyPath.Parse(inside)), (path.Key, path.Inside));
    }

    private static Gen<T> Pick<T>(params T[] choices) => Gen.Int[0, choices.Length - 1].Select(at => choices[at]);

    private static StackConfigFile Parse(string text) => StackConfigFile.Parse(text, "Pulumi.x.yaml", "labs");
}
