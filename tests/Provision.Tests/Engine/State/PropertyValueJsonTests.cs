using System.Text.Json;
using CsCheck;
using Provision.Engine.Resources;
using Provision.Engine.State;
using Xunit;

namespace Provision.Tests.Engine.State;

public sealed class PropertyValueJsonTests
{
    private static readonly TestSecrets Secrets = new();

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.String[Gen.Char.AlphaNumeric, 0, 8],
        Gen.OneOf("", "<&>", "\"\\/\b\f\n\r\t\u0001\u007f\u2028\u2029", "ümläut", "😀 kin", "\uE000", "__provider"));

    private static readonly Gen<PropertyValue> Leaves = Gen.OneOf(
        Texts.Select(text => (PropertyValue)text),
        Gen.Bool.Select(flag => (PropertyValue)flag),
        Gen.Double.Select(number => (PropertyValue)number),
        Gen.OneOf<PropertyValue>(
            PropertyValue.Null.Value,
            PropertyValue.Unknown.Value,
            1e21,
            1e-7,
            -0.0,
            double.NaN,
            double.PositiveInfinity,
            new PropertyValue.Asset("text", null, "ab"),
            new PropertyValue.Asset(null, "https://example.org/a", null),
            new PropertyValue.Asset(null, "./a", null),
            new PropertyValue.Archive(PropertyMap.Of(("a", new PropertyValue.Asset("", null, null))), null, null),
            new PropertyValue.Resource(States.UrnOf("web"), "id", "1.2.3"),
            new PropertyValue.Resource(States.RootUrn, null, "")));

    private static Gen<PropertyValue> Values(int depth) => depth == 0
        ? Leaves
        : Gen.OneOf(
            Leaves,
            Values(depth - 1).List[0, 4].Select(PropertyValue.ListOf),
            Gen.Select(Texts, Values(depth - 1)).List[0, 4].Select(pairs => (PropertyValue)PropertyMap.From(pairs.Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2)))),
            Values(depth - 1).Select(inner => (PropertyValue)new PropertyValue.Secret(inner)));

    [Fact]
    public void Any_value_reads_back_as_it_was_written() => Values(4).Sample(value =>
    {
        var text = PropertyValueJson.ToText(value, Secrets);
        var read = PropertyValueJson.Parse(text, Secrets);
        return read.Equals(value) && PropertyValueJson.ToText(read, Secrets) == text;
    });

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "1")]
    [InlineData(-17.25, "-17.25")]
    [InlineData(0.1, "0.1")]
    [InlineData(100000000000000000000.0, "100000000000000000000")]
    [InlineData(1e21, "1e+21")]
    [InlineData(1.5e300, "1.5e+300")]
    [InlineData(0.000001, "0.000001")]
    [InlineData(0.00000123, "0.00000123")]
    [InlineData(0.0000001, "1e-7")]
    [InlineData(-1.25e-10, "-1.25e-10")]
    [InlineData(9007199254740993, "9007199254740992")]
    [InlineData(123456789012345680, "123456789012345680")]
    [InlineData(1234567890123456.5, "1234567890123456.5")]
    [InlineData(5e-324, "5e-324")]
    public void Numbers_are_written_as_Go_writes_them(double number, string expected) =>
        Assert.Equal(expected, PropertyValueJson.ToText(number, Secrets));

    [Fact]
    public void Negative_zero_keeps_its_sign() => Assert.Equal("-0", PropertyValueJson.ToText(-0.0, Secrets));

    [Fact]
    public void Text_is_escaped_no_more_than_Go_does_without_html_escaping() =>
        Assert.Equal("\"<a href='x'>&\u007f😀é\\u2028\\u0001\\n\\\"\"", PropertyValueJson.ToText("<a href='x'>&\u007f😀é\u2028\u0001\n\"", Secrets));

    [Fact]
    public void Keys_are_sorted_by_their_utf8_bytes() =>
        Assert.Equal(
            "{\"a\":1,\"\uE000\":2,\"😀\":3}",
            PropertyValueJson.ToText(PropertyMap.Of(("😀", 3.0), ("\uE000", 2.0), ("a", 1.0)), Secrets));

    [Theory]
    [InlineData("""{"4dabf18193072939515e22adb298388d":"00000000000000000000000000000000","value":1}""")]
    [InlineData("""{"4dabf18193072939515e22adb298388d":7}""")]
    [InlineData("""{"4dabf18193072939515e22adb298388d":"803fd3297a5875dc03ca845dda5d2a98","value":"AA=="}""")]
    [InlineData("""{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270"}""")]
    [InlineData("""{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","ciphertext":"a","plaintext":"1"}""")]
    [InlineData("""{"4dabf18193072939515e22adb298388d":"5cf8f73096256a8f31e491e813e4eb8e","urn":"nonsense"}""")]
    [InlineData("""{"4dabf18193072939515e22adb298388d":"8ad145fe-0d11-4827-bfd7-1abcbf086f5c","value":"zz"}""")]
    [InlineData("1e999")]
    [InlineData("[1,")]
    [InlineData("")]
    [InlineData("1 2")]
    public void What_is_no_known_value_is_refused(string text) =>
        Assert.ThrowsAny<JsonException>(() => PropertyValueJson.Parse(text, Secrets));

    [Fact]
    public void Every_kind_of_unknown_is_read_as_unknown() =>
        Assert.Equal(
            PropertyValue.ListOf([PropertyValue.Unknown.Value, PropertyValue.Unknown.Value]),
            PropertyValueJson.Parse("""["dd056dcd-154b-4c76-9bd3-c8f88648b5ff","04da6b54-80e4-46f7-96ec-b56ff0331ba9"]""", Secrets));

    [Fact]
    public void A_special_number_keeps_its_bits() =>
        Assert.Equal(
            """{"4dabf18193072939515e22adb298388d":"8ad145fe-0d11-4827-bfd7-1abcbf086f5c","value":"7ff0000000000000"}""",
            PropertyValueJson.ToText(double.PositiveInfinity, Secrets));

    [Fact]
    public void A_secret_inside_a_secret_is_not_encrypted_again()
    {
        var secrets = new TestSecrets();
        var value = new PropertyValue.Secret(PropertyValue.ListOf([new PropertyValue.Secret("inner")]));

        var read = Assert.IsType<PropertyValue.Secret>(PropertyValueJson.Parse(PropertyValueJson.ToText(value, secrets), secrets));

        var list = Assert.IsType<PropertyValue.List>(read.Reveal());
        Assert.Equal("inner", Assert.IsType<PropertyValue.Secret>(list.Items[0]).Reveal());
        Assert.Equal(1, secrets.Decrypted);
    }

    [Fact]
    public void A_secret_is_decrypted_only_when_revealed_and_keeps_its_ciphertext()
    {
        var secrets = new TestSecrets();
        var text = PropertyValueJson.ToText(new PropertyValue.Secret("hush"), secrets);

        var again = PropertyValueJson.ToText(PropertyValueJson.Parse(text, secrets), secrets);

        Assert.Equal(text, again);
        Assert.Equal(0, secrets.Decrypted);
    }

    [Fact]
    public void A_value_nested_a_thousand_deep_round_trips()
    {
        var text = string.Concat(Enumerable.Repeat("[", 1000)) + string.Concat(Enumerable.Repeat("]", 1000));

        Assert.Equal(text, PropertyValueJson.ToText(PropertyValueJson.Parse(text, Secrets), Secrets));
    }

    [Fact]
    public void A_value_nested_beyond_reason_is_refused_and_does_not_end_the_process()
    {
        var text = string.Concat(Enumerable.Repeat("[", 200_000)) + string.Concat(Enumerable.Repeat("]", 200_000));

        Assert.ThrowsAny<JsonException>(() => PropertyValueJson.Parse(text, Secrets));
    }
}
