using Provision.Engine.Resources;

namespace Provision.Engine.Diagnostics;

/// <summary>Every diagnostic the planner and the executor can raise; codes PROV15xx.</summary>
internal static class EngineDiagnostics
{
    public static Diagnostic DuplicateUrn(Urn urn) => Error("PROV1500", "A resource is declared twice",
        $"Two resources have the URN '{urn}'.", "Give one of them another name.", urn);

    public static Diagnostic Cycle(IReadOnlyList<Urn> loop) => Error("PROV1501", "Resources depend on each other in a circle",
        $"None of them can be made first: {string.Join(" -> ", loop.Select(urn => urn.Name))}.", "Take one of these references or dependsOn entries away.", loop[0]);

    public static Diagnostic MissingReference(Urn urn, Urn missing) => Error("PROV1502", "A resource refers to one that is not declared",
        $"'{urn.Name}' needs '{missing}', which is not in the stack.", "Declare it, or take the reference away.", urn);

    public static Diagnostic MissingOutput(Urn urn, Urn source, string path) => Error("PROV1503", "A referenced output does not exist",
        $"'{urn.Name}' needs '{path}' of '{source.Name}', which has no such output.", "Refer to an output that the resource has.", urn);

    public static Diagnostic CheckFailed(Urn urn, string path, string reason, string? remedy) => Error("PROV1504", "An input is not valid",
        path.Length == 0 ? $"'{urn.Name}': {reason}" : $"'{urn.Name}', property '{path}': {reason}", remedy ?? "Correct the declaration.", urn);

    public static Diagnostic NoProvider(Urn urn, string package) => Error("PROV1505", "No provider handles the package",
        $"'{urn.Name}' is of type '{urn.Type}', and nothing here provides the package '{package}'.",
        "Remove the resource with the tool that made it, or take it out of the state with `provision state delete`.", urn);

    public static Diagnostic Protected(Urn urn, string act) => Error("PROV1506", "A protected resource cannot be removed",
        $"'{urn.Name}' is protected, and this run would {act} it.", "Take the protection away (`provision state unprotect`, or in the declaration) if that is meant.", urn);

    public static Diagnostic BeyondPlan(Urn urn, string wanted, string planned) => Error("PROV1507", "The run would do more than its plan said",
        $"'{urn.Name}' now needs {wanted}; the plan said {planned}. Nothing was done to it.", "Look at a new preview, then run again.", urn);

    public static Diagnostic Unreachable(Urn provider, int resources, string why, string? remedy) => Error("PROV1508", "An endpoint cannot be reached",
        $"{resources} {(resources == 1 ? "resource" : "resources")} of '{provider.Name}' ({provider.Type.Package}) cannot be looked at: {why}",
        remedy ?? "Bring the endpoint up, then run again.", provider);

    public static Diagnostic ReadFailed(Urn provider, string why, string? remedy) => Error("PROV1509", "Reality cannot be looked at",
        $"Reading the resources of '{provider.Name}' ({provider.Type.Package}) failed: {why}", remedy ?? "Mend the cause, then run again; nothing was changed.", provider);

    public static Diagnostic StepFailed(Urn urn, string op, string why, string? remedy, string left) => Error("PROV1510", $"The {op} failed",
        $"'{urn.Name}': {why}{left}", remedy ?? "Mend the cause, then run again: what is done stays done.", urn);

    public static Diagnostic ProviderBug(Urn urn, string op, Exception bug) => Error("PROV1511", $"The {op} failed in a way it should not",
        $"'{urn.Name}': {bug.GetType().Name}: {bug.Message}", "This is a bug in provision; please report it. The next run looks at what was left behind.", urn);

    public static Diagnostic TimedOut(Urn urn, string op, TimeSpan limit) => Error("PROV1512", $"The {op} took too long",
        $"'{urn.Name}' did not come through within {limit.TotalSeconds:0.#} s.", "Raise its timeout, or look at what it waits for; the next run takes up what was left behind.", urn);

    /// <summary>The provider's own word that what it waited for did not come; the code is that of <see cref="TimedOut"/>.</summary>
    public static Diagnostic WaitedInVain(Urn urn, string op, string why, string? remedy, string left) => Error("PROV1512", $"The {op} took too long",
        $"'{urn.Name}': {why}{left}", remedy ?? "Raise its timeout, or look at what it waits for; the next run takes up what was left behind.", urn);

    public static Diagnostic TargetUnknown(string target) => Error("PROV1513", "A target names nothing",
        $"'{target}' is neither in the state nor in the definition.", "Check the name with `provision stack`, or use a glob such as '*web*'.", null);

    public static Diagnostic TargetNeeds(Urn urn, Urn missing) => Error("PROV1514", "A target needs a resource outside the targets",
        $"'{urn.Name}' needs '{missing.Name}', which does not exist yet and is not a target.", "Add it to the targets.", urn);

    public static Diagnostic DeleteOutsideTargets(Urn urn, Urn dependent) => Error("PROV1515", "A target is needed by a resource outside the targets",
        $"'{urn.Name}' cannot be deleted: '{dependent.Name}' depends on it and is not a target.", "Add --target-dependents, or target the dependent too.", urn);

    public static Diagnostic ImportReplaces(Urn urn, string properties) => Error("PROV1516", "An import would replace what it imports",
        $"'{urn.Name}': the existing object differs in {properties}, which cannot be changed in place.", "Declare these properties as they are, then import again.", urn);

    public static Diagnostic ImportMissing(Urn urn, string id) => Error("PROV1517", "The object to import does not exist",
        $"'{urn.Name}': there is no {urn.Type.Name.ToLowerInvariant()} '{id}'.", "Check the id.", urn);

    public static Diagnostic ImportUnsupported(Urn urn) => Error("PROV1522", "The type cannot be imported",
        $"'{urn.Name}': what exists of a {urn.Type.Name.ToLowerInvariant()} does not tell how it was made.", "Declare it and let provision make it anew.", urn);

    public static Diagnostic JournalFailed(string why) => Error("PROV1518", "What happens cannot be recorded",
        $"The journal could not be written: {why} Nothing new was started.", "Make room on the disk or mend the folder, then run again.", null);

    public static Diagnostic ProgramFailed(string why) => Error("PROV1519", "The program failed",
        $"{why} What it had registered was dealt with; nothing was deleted.", "Mend the program, then run again.", null);

    public static Diagnostic AliasTaken(Urn urn, Urn alias) => Error("PROV1520", "Two resources claim the same alias",
        $"'{urn.Name}' claims '{alias}', which another resource has taken already.", "Leave the alias with one of them.", urn);

    public static Diagnostic CreatedButUnfinished(Urn urn) => new(Severity.Info, "PROV1521", "An interrupted run is taken up",
        $"'{urn.Name}' was left unfinished by an interrupted run.", null, urn);

    private static Diagnostic Error(string code, string summary, string detail, string remedy, Urn? subject) =>
        new(Severity.Error, code, summary, detail, remedy, subject);
}
