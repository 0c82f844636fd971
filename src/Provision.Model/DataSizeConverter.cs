using System.ComponentModel;
using System.Globalization;

namespace Provision.Model;

/// <summary>Lets <c>[Range(typeof(DataSize), "16MiB", "4GiB")]</c> read its bounds.</summary>
public sealed class DataSizeConverter : TypeConverter
{
    /// <summary>Text can be read.</summary>
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
        sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    /// <summary>Reads an amount.</summary>
    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string text ? DataSize.Parse(text) : base.ConvertFrom(context, culture, value);
}
