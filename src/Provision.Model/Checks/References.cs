namespace Provision.Model.Checks;

/// <summary>What a declared thing waits for: the edges of the stack.</summary>
internal static class References
{
    /// <summary>A container's values that may hold references, with the member that holds each.</summary>
    public static IEnumerable<HeldValue> ValuesOf(Container container)
    {
        foreach (var (name, value) in container.Environment)
        {
            yield return new($"Environment[\"{name}\"]", value.Expression);
        }

        foreach (var argument in container.Command)
        {
            yield return new("Command", argument.Expression);
        }

        foreach (var argument in container.Entrypoint)
        {
            yield return new("Entrypoint", argument.Expression);
        }

        foreach (var file in container.Files)
        {
            yield return new($"Files[\"{file.Path}\"]", file.Content.Expression);
        }

        if (container.Image is BuiltImage built)
        {
            foreach (var (name, value) in built.Arguments)
            {
                yield return new($"Image.Arguments[\"{name}\"]", value.Expression);
            }
        }
    }

    /// <summary>A machine's values that may hold references, with the member that holds each.</summary>
    public static IEnumerable<HeldValue> ValuesOf(VirtualMachine machine)
    {
        var boot = machine.FirstBoot;
        foreach (var key in boot.SshKeys)
        {
            yield return new("FirstBoot.SshKeys", key.Expression);
        }

        foreach (var user in boot.Users)
        {
            foreach (var value in user.Password is { } password ? user.SshKeys.Add(password) : user.SshKeys)
            {
                yield return new($"FirstBoot.Users[\"{user.Name}\"]", value.Expression);
            }
        }

        foreach (var file in boot.Files)
        {
            yield return new($"FirstBoot.Files[\"{file.Path}\"]", file.Content.Expression);
        }

        foreach (var command in boot.Commands)
        {
            yield return new("FirstBoot.Commands", command.Expression);
        }

        if (boot.UserData is { } data)
        {
            yield return new("FirstBoot.UserData", data.Expression);
        }
    }

    /// <summary>Everything that has to be there before it.</summary>
    public static IEnumerable<Declared> Of(Declared declared)
    {
        foreach (var target in declared.Lifecycle.DependsOn)
        {
            yield return target;
        }

        var values = declared switch
        {
            Container container => ValuesOf(container),
            VirtualMachine machine => ValuesOf(machine),
            _ => [],
        };
        foreach (var (_, expression) in values)
        {
            foreach (var output in expression.Outputs())
            {
                yield return output.Target;
            }
        }
    }
}

/// <summary>A value of a container or machine that may hold references.</summary>
/// <param name="Member">The member that holds it.</param>
/// <param name="Expression">What it is made of.</param>
internal sealed record HeldValue(string Member, ValueExpression Expression);
