using Provision.Model;
using Xunit;

namespace Provision.Tests.Model;

public sealed class ValueTests
{
    private static readonly Container Web = new("web", "nginx") { Ports = [new Port(80) { Host = 8080 }] };

    [Fact]
    public void Text_of_literals_is_a_literal()
    {
        Value<string> text = $"{"a"}-{1}-{true}-{1.5:0.00}-{3,4}-{"x",-3}|";

        Assert.Equal("a-1-True-1.50-   3-x  |", Assert.IsType<ValueExpression.Literal>(text.Expression).Value);
        Assert.Equal("a-1-True-1.50-   3-x  |", text.ToString());
    }

    [Fact]
    public void An_interpolated_string_keeps_what_is_known_only_later()
    {
        Value<string> text = $"http://{Web.Address}:{80}/";

        var join = Assert.IsType<ValueExpression.Join>(text.Expression);
        Assert.Equal(["http://", "web.Address", ":80/"], join.Parts.Select(part => part.ToString()));
        Assert.Equal([DeclaredOutput.Address], text.Expression.Outputs().Select(output => output.Name));
    }

    [Fact]
    public void Text_does_the_same_as_an_interpolated_string() =>
        Assert.Equal(
            Value.Text($"http://{Web.Address}/").Expression.ToString(),
            ((Value<string>)$"http://{Web.Address}/").Expression.ToString());

    [Fact]
    public void Joined_text_joins_into_one()
    {
        Value<string> inner = $"a{Web.Address}b";
        Value<string> outer = $"c{inner}d";

        Assert.Equal("ca{web.Address}bd", outer.Expression.ToString());
    }

    [Fact]
    public void Many_texts_are_joined_by_a_separator()
    {
        Assert.Equal("a {web.Address} b", Value.Join(" ", "a", Web.Address, "b").Expression.ToString());
        Assert.Equal("", Value.Join(" ").ToString());
    }

    [Fact]
    public void A_url_is_made_of_its_published_port() =>
        Assert.Equal("http://{web.PublishedAddress(80)}:{web.PublishedPort(80)}", Web.Url(80).Expression.ToString());

    [Fact]
    public void A_value_that_is_not_known_yet_refuses_to_be_plain_text()
    {
        var problem = Assert.Throws<InvalidOperationException>(() => string.Create(null, $"http://{Web.Address}"));
        Assert.Contains("web.Address has no text while the stack is defined", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_stays_one_in_text_and_is_never_printed()
    {
        Value<string> text = $"postgres://{Value.Secret("hunter2")}@db";

        Assert.True(text.Expression.IsSecret);
        Assert.Equal("postgres://{[secret]}@db", text.Expression.ToString());
        Assert.DoesNotContain("hunter2", Assert.Throws<InvalidOperationException>(() => text.ToString()).Message, StringComparison.Ordinal);
        Assert.Same(text, Value.Secret(Value.Secret(text)) is { Expression: ValueExpression.Secret { Inner: var inner } } && ReferenceEquals(inner, text.Expression) ? text : null);
    }

    [Fact]
    public void A_made_value_cannot_be_changed()
    {
        Value<string> text = $"a{1}";
        _ = text.Expression;

        Assert.Throws<InvalidOperationException>(() => text.AppendLiteral("b"));
        Assert.Throws<InvalidOperationException>(() => ((Value<string>)"a").AppendLiteral("b"));
    }

    [Fact]
    public void Only_text_can_be_interpolated() => Assert.Throws<InvalidOperationException>(() => new Value<int>(1, 1));

    [Fact]
    public void A_map_is_immutable_and_sorted()
    {
        var map = new Map<string> { ["b"] = "2", ["a"] = "1" };
        var more = map.With("c", "3");

        Assert.Equal(["a", "b"], map.Keys);
        Assert.Equal(["a", "b", "c"], more.Keys);
        Assert.Equal("9", map.With([KeyValuePair.Create("a", "9")])["a"]);
        Assert.False(map.ContainsKey("c"));
    }
}
