namespace Provision.Cli;

internal enum Confirmation
{
    Yes,
    No,
}

/// <summary>Questions to the person at the terminal; on stderr, so that stdout stays the result.</summary>
internal static class Questions
{
    /// <summary>Yes, no or details, as often as it takes; an empty answer and the end of input mean no.</summary>
    public static Confirmation Confirm(Invocation invocation, string question, Action? details)
    {
        while (true)
        {
            invocation.Error.Ask(details is null ? $"{question} [yes/no] (no):" : $"{question} [yes/no/details] (no):");
            switch (invocation.Io.In.ReadLine()?.Trim().ToUpperInvariant())
            {
                case null or "" or "NO" or "N":
                    return Confirmation.No;
                case "YES" or "Y":
                    return Confirmation.Yes;
                case "DETAILS" or "D" when details is not null:
                    details();
                    break;
                default:
                    invocation.Error.Line("Please answer yes or no.");
                    break;
            }
        }
    }

    /// <summary>Asks for a word to be typed; anything else means no.</summary>
    public static Confirmation ConfirmWord(Invocation invocation, string question, string word)
    {
        invocation.Error.Ask(question);
        return invocation.Io.In.ReadLine()?.Trim() == word ? Confirmation.Yes : Confirmation.No;
    }

    /// <summary>Yes without asking where <c>--yes</c> was given; refuses where nobody can be asked.</summary>
    public static void Demand(Invocation invocation, bool yes, string question)
    {
        if (yes)
        {
            return;
        }

        RefuseWithoutTerminal(invocation, yes);
        if (Confirm(invocation, question, details: null) == Confirmation.No)
        {
            throw new CliException(ExitCode.Cancelled, CliDiagnostics.Declined());
        }
    }

    /// <summary>Ends the command at once, before any work, where a confirmation will be needed and nobody can give it.</summary>
    public static void RefuseWithoutTerminal(Invocation invocation, bool yes)
    {
        if (!yes && !invocation.CanAsk)
        {
            throw new CliException(ExitCode.Configuration, CliDiagnostics.NobodyToAsk());
        }
    }
}
