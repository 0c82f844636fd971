namespace Provision.Engine.Resources;

/// <summary>Finds the references to other resources' outputs in values. Pure.</summary>
public static class PropertyReferences
{
    /// <summary>Calls <paramref name="visit"/> for each reference in the value, in its order; one that occurs twice comes twice.</summary>
    public static void Visit(PropertyValue value, Action<PropertyValue.Reference> visit)
    {
        ArgumentNullException.ThrowIfNull(visit);
        switch (value)
        {
            case PropertyValue.Reference reference:
                visit(reference);
                break;
            case PropertyValue.Join join:
                foreach (var part in join.Parts)
                {
                    Visit(part, visit);
                }

                break;
            case PropertyValue.List list:
                foreach (var item in list.Items)
                {
                    Visit(item, visit);
                }

                break;
            case PropertyValue.Map map:
                foreach (var child in map.Properties.Values)
                {
                    Visit(child, visit);
                }

                break;
            // A ciphertext was written by an earlier run, and a state holds no references: no need to decrypt to know.
            case PropertyValue.Secret { Ciphertext: null } secret:
                Visit(secret.Reveal(), visit);
                break;
            default:
                break;
        }
    }
}
