using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Provision.Model;

/// <summary>Makes <see cref="Value{T}"/>s.</summary>
public static class Value
{
    /// <summary>A value that is never shown and is stored encrypted.</summary>
    public static Value<T> Secret<T>(T plain) => new(new ValueExpression.Secret(new ValueExpression.Literal(plain)));

    /// <summary>The same value, never shown and stored encrypted.</summary>
    public static Value<T> Secret<T>(Value<T> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Expression is ValueExpression.Secret ? value : new(new ValueExpression.Secret(value.Expression));
    }

    /// <summary>Text joined of parts, some of which exist only later: <c>Value.Text($"http://{web.Address}/")</c>.</summary>
    /// <remarks>Where a <c>Value&lt;string&gt;</c> is expected, the interpolated string alone does the same.</remarks>
    public static Value<string> Text(Value<string> text) => text;

    /// <summary>Texts joined by a separator, some of which exist only later.</summary>
    public static Value<string> Join(string separator, params IEnumerable<Value<string>> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return new(ValueExpression.Join.Of(texts.SelectMany((text, at) =>
            at == 0 ? [text.Expression] : new[] { new ValueExpression.Literal(separator), text.Expression })));
    }
}

/// <summary>
/// A value that may exist only after something was made: a literal, an output of something declared, a secret, or text joined of those.
/// </summary>
/// <remarks>
/// An interpolated string becomes a <c>Value&lt;string&gt;</c> with its parts kept, so that <c>$"http://{web.Address}/"</c> waits for the address
/// instead of printing a placeholder.
/// </remarks>
/// <typeparam name="T">What it is once it is known.</typeparam>
[InterpolatedStringHandler]
[DebuggerDisplay("{Expression}")]
public sealed class Value<T>
{
    private readonly List<ValueExpression>? _parts;
    private ValueExpression? _expression;

    /// <summary>A value of that form.</summary>
    public Value(ValueExpression expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        _expression = expression;
    }

    /// <summary>Called by the compiler for an interpolated string.</summary>
    public Value(int literalLength, int formattedCount)
    {
        if (typeof(T) != typeof(string))
        {
            throw new InvalidOperationException($"An interpolated string is text: it can be a Value<string>, not a Value<{typeof(T).Name}>.");
        }

        _parts = new List<ValueExpression>(formattedCount + (literalLength > 0 ? formattedCount + 1 : 0));
    }

    /// <summary>How the value comes about.</summary>
    public ValueExpression Expression => _expression ??= ValueExpression.Join.Of(_parts ?? []);

    /// <summary>Called by the compiler for the fixed text of an interpolated string.</summary>
    public void AppendLiteral(string value) => Append(new ValueExpression.Literal(value));

    /// <summary>Called by the compiler for a value inside an interpolated string.</summary>
    public void AppendFormatted<TPart>(Value<TPart>? value) => Append(value?.Expression ?? new ValueExpression.Literal(""));

    /// <summary>Called by the compiler for anything else inside an interpolated string; formatted the same everywhere.</summary>
    public void AppendFormatted<TPart>(TPart value) => AppendFormatted(value, 0, null);

    /// <summary>Called by the compiler for anything else inside an interpolated string, with a format.</summary>
    public void AppendFormatted<TPart>(TPart value, string? format) => AppendFormatted(value, 0, format);

    /// <summary>Called by the compiler for anything else inside an interpolated string, with a width and a format.</summary>
    public void AppendFormatted<TPart>(TPart value, int alignment, string? format = null)
    {
        var text = value is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture) : value?.ToString() ?? "";
        Append(new ValueExpression.Literal(alignment >= 0 ? text.PadLeft(alignment) : text.PadRight(-alignment)));
    }

    /// <summary>The same value as text.</summary>
    public Value<string> AsText() => new(ValueExpression.Join.Of([Expression]));

    /// <summary>The text of a literal.</summary>
    /// <exception cref="InvalidOperationException">It is no literal: it has no text yet, or must not be shown.</exception>
    public override string ToString() => Expression is ValueExpression.Literal literal
        ? literal.Text
        : throw new InvalidOperationException(
            $"{Expression} has no text while the stack is defined. Use it where a Value is taken, or join it with Value.Text($\"…\").");

    /// <summary>A literal is a value.</summary>
    public static implicit operator Value<T>(T literal) => new(new ValueExpression.Literal(literal));

    private void Append(ValueExpression part)
    {
        if (_parts is null || _expression is not null)
        {
            throw new InvalidOperationException("A value cannot be changed once it is made.");
        }

        _parts.Add(part);
    }
}
