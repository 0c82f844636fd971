using System.Collections;
using System.Collections.Immutable;

namespace Provision.Model;

/// <summary>A table, such as the students of a class: a CSV file whose first line names the columns.</summary>
public sealed class Roster : IReadOnlyList<RosterRow>
{
    private readonly ImmutableArray<RosterRow> _rows;

    private Roster(ImmutableArray<string> columns, ImmutableArray<RosterRow> rows) => (Columns, _rows) = (columns, rows);

    /// <summary>The columns, in their order.</summary>
    public ImmutableArray<string> Columns { get; }

    /// <summary>How many rows there are.</summary>
    public int Count => _rows.Length;

    /// <summary>A row, from 0.</summary>
    public RosterRow this[int index] => _rows[index];

    /// <summary>Reads a CSV file (RFC 4180), by its path relative to the definition's folder. A change of the file is a change of the stack.</summary>
    /// <exception cref="FormatException">The file is no such table; the message has the line.</exception>
    public static Roster Csv(string path) => Parse(StackFiles.ReadText(path), path);

    internal static Roster Parse(string text, string path)
    {
        using var records = CsvRecords.Read(text, path).GetEnumerator();
        if (!records.MoveNext())
        {
            throw new FormatException($"{path} is empty: its first line has to name the columns, such as 'name,mail'.");
        }

        ImmutableArray<string> columns = [.. records.Current.Fields.Select(field => field.Trim())];
        if (columns.GroupBy(column => column, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new FormatException($"{path} has the column '{twice.Key}' twice: rename one of them.");
        }

        var rows = ImmutableArray.CreateBuilder<RosterRow>();
        while (records.MoveNext())
        {
            var (fields, line) = records.Current;
            if (fields.Length != columns.Length)
            {
                throw new FormatException(
                    $"{path}({line}) has {fields.Length} fields, and {columns.Length} columns are named in line 1: put fields that hold a comma in double quotes.");
            }

            rows.Add(new RosterRow(path, line, columns, fields));
        }

        return new Roster(columns, rows.ToImmutable());
    }

    /// <summary>The rows, in the order of the file.</summary>
    public IEnumerator<RosterRow> GetEnumerator() => ((IEnumerable<RosterRow>)_rows).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>One row of a <see cref="Roster"/>.</summary>
public sealed class RosterRow
{
    private readonly string _path;
    private readonly ImmutableArray<string> _columns;
    private readonly ImmutableArray<string> _fields;

    internal RosterRow(string path, int line, ImmutableArray<string> columns, ImmutableArray<string> fields) =>
        (_path, Line, _columns, _fields) = (path, line, columns, fields);

    /// <summary>Its line in the file.</summary>
    public int Line { get; }

    /// <summary>The field in that column, without blanks around it; the case of the name does not matter.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column; the message lists those there are.</exception>
    public string this[string column]
    {
        get
        {
            for (var at = 0; at < _columns.Length; at++)
            {
                if (string.Equals(_columns[at], column, StringComparison.OrdinalIgnoreCase))
                {
                    return _fields[at].Trim();
                }
            }

            throw new KeyNotFoundException($"{_path} has no column '{column}'. Its columns are {string.Join(", ", _columns)}.");
        }
    }
}
