using System.Collections.Immutable;
using System.Globalization;

namespace Provision.Model;

/// <summary>What of a declared thing is known only after it was made.</summary>
public enum DeclaredOutput
{
    /// <summary>The id that the daemon or the hypervisor knows it by.</summary>
    Id,

    /// <summary>The name of the real thing, <c>&lt;stack&gt;-&lt;name&gt;</c>.</summary>
    PhysicalName,

    /// <summary>The IP address of a container or machine on a network.</summary>
    Address,

    /// <summary>The name by which others on its networks reach a container or machine.</summary>
    DnsName,

    /// <summary>The host's port that a container's port is published on.</summary>
    PublishedPort,

    /// <summary>The address under which a container's published port is reached from outside.</summary>
    PublishedAddress,

    /// <summary>The folder on the host that holds a volume's files.</summary>
    Mountpoint,
}

/// <summary>How a <see cref="Value{T}"/> comes about. A closed hierarchy.</summary>
public abstract record ValueExpression
{
    private ValueExpression()
    {
    }

    /// <summary>Known now.</summary>
    /// <param name="Value">The value itself.</param>
    public sealed record Literal(object? Value) : ValueExpression
    {
        /// <summary>The value as text, the same in every culture; true and false in lower case.</summary>
        public string Text => Value switch
        {
            null => "",
            bool flag => flag ? "true" : "false",
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => Value.ToString() ?? "",
        };

        /// <summary>The value as text.</summary>
        public override string ToString() => Text;
    }

    /// <summary>Known after something declared was made.</summary>
    /// <param name="Target">What is referred to.</param>
    /// <param name="Name">What of it.</param>
    public sealed record Output(Declared Target, DeclaredOutput Name) : ValueExpression
    {
        /// <summary>Which of a container's ports is meant, for outputs of a port.</summary>
        public int? Port { get; init; }

        /// <summary>On which network, for an address; null means the first that the target is on.</summary>
        public string? Network { get; init; }

        /// <summary>The reference as one would write it.</summary>
        public override string ToString() => $"{Target.Name}.{Name}{(Port is { } port ? $"({port.ToString(CultureInfo.InvariantCulture)})" : "")}";
    }

    /// <summary>Never shown.</summary>
    /// <param name="Inner">The value that is hidden.</param>
    public sealed record Secret(ValueExpression Inner) : ValueExpression
    {
        /// <summary>A stand-in.</summary>
        public override string ToString() => "[secret]";
    }

    /// <summary>Text joined of parts.</summary>
    /// <param name="Parts">The parts, in order.</param>
    public sealed record Join(ImmutableArray<ValueExpression> Parts) : ValueExpression
    {
        /// <summary>The parts joined: neighbouring literals become one, and nothing but literals a literal.</summary>
        public static ValueExpression Of(IEnumerable<ValueExpression> parts)
        {
            ArgumentNullException.ThrowIfNull(parts);
            var joined = ImmutableArray.CreateBuilder<ValueExpression>();
            foreach (var part in parts.SelectMany(part => part is Join inner ? inner.Parts : [part]))
            {
                if (part is Literal text && joined.Count > 0 && joined[^1] is Literal before)
                {
                    joined[^1] = new Literal(before.Text + text.Text);
                }
                else
                {
                    joined.Add(part is Literal literal ? new Literal(literal.Text) : part);
                }
            }

            return joined.Count switch
            {
                0 => new Literal(""),
                1 when joined[0] is Literal => joined[0],
                _ => new Join(joined.ToImmutable()),
            };
        }

        /// <summary>The parts, references as one would write them.</summary>
        public override string ToString() => string.Concat(Parts.Select(part => part is Literal ? part.ToString() : $"{{{part}}}"));
    }

    /// <summary>Every output that the value is made of.</summary>
    public IEnumerable<Output> Outputs() => this switch
    {
        Output output => [output],
        Secret secret => secret.Inner.Outputs(),
        Join join => join.Parts.SelectMany(part => part.Outputs()),
        _ => [],
    };

    /// <summary>Whether any part of it must not be shown.</summary>
    public bool IsSecret => this is Secret || (this is Join join && join.Parts.Any(part => part.IsSecret));
}
