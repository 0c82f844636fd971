using System.CommandLine;

namespace Provision.Cli.Commands;

/// <summary>The stack as an argument; completed from the workspace without building anything.</summary>
internal sealed class StackArgument : Argument<string?>
{
    public StackArgument() : base("stack")
    {
        Description = "The stack; may be left out where there is only one";
        Arity = ArgumentArity.ZeroOrOne;
        Validators.Add(result =>
        {
            // A mistyped option would otherwise be taken for a stack.
            if (result.Tokens is [{ Value: ['-', ..] text }])
            {
                result.AddError($"Unrecognized command or argument '{text}'.");
            }
        });
    }
}
