using System.Globalization;

namespace Provision.Engine.State;

/// <summary>Go's text of a double in JSON: shortest digits that round-trip, exponent form below 1e-6 and from 1e21.</summary>
internal static class GoNumber
{
    public static string Format(double value)
    {
        if (value == Math.Truncate(value) && Math.Abs(value) < 1e15)
        {
            return value == 0 && double.IsNegative(value) ? "-0" : ((long)value).ToString(CultureInfo.InvariantCulture);
        }

        // .NET's "R" has the same shortest digits and other rules for the exponent: -1.5E-07, 1E+21, 0.001.
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var sign = text[0] == '-' ? "-" : "";
        var mantissa = text.AsSpan(sign.Length);
        var exponent = 0;
        var mark = mantissa.IndexOf('E');
        if (mark >= 0)
        {
            exponent = int.Parse(mantissa[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            mantissa = mantissa[..mark];
        }

        var point = mantissa.IndexOf('.');
        var whole = point < 0 ? mantissa : mantissa[..point];
        var all = string.Concat(whole, point < 0 ? [] : mantissa[(point + 1)..]);
        var digits = all.TrimStart('0');
        // Where the point stands in `digits`, counted from their left: 1 means d.ddd.
        var position = whole.Length + exponent - (all.Length - digits.Length);
        digits = digits.TrimEnd('0');

        var size = Math.Abs(value);
        if (size is < 1e-6 or >= 1e21)
        {
            var power = position - 1;
            var fraction = digits.Length > 1 ? "." + digits[1..] : "";
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{digits[0]}{fraction}e{(power < 0 ? "-" : "+")}{Math.Abs(power)}");
        }

        if (position <= 0)
            return $"{sign}0.{new string('0', -position)}{digits}";

        return position >= digits.Length
            ? sign + digits + new string('0', position - digits.Length)
            : $"{sign}{digits[..position]}.{digits[position..]}";
    }
}
