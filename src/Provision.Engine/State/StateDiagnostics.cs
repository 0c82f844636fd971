using Provision.Engine.Diagnostics;
using Provision.Engine.Resources;

namespace Provision.Engine.State;

/// <summary>Everything that can be wrong with state: codes PROV1200 to PROV1299.</summary>
internal static class StateDiagnostics
{
    private const string RepairRemedy = "Run `provision state repair`, or bring the previous state back from the .bak file or .pulumi/backups.";

    public static Diagnostic StateWithoutUrn(int index) =>
        Error("PROV1201", "State has no URN", $"resource number {index + 1} of the checkpoint has no URN.", RepairRemedy);

    public static Diagnostic StateWithoutType(Urn urn) =>
        Error("PROV1202", "State has no type", $"the resource {urn} has no type.", RepairRemedy, urn);

    public static Diagnostic ComponentWithId(Urn urn, string id) =>
        Error("PROV1203", "Component has an id", $"{urn} is a component, but has the id '{id}'; only what a provider made has one.", RepairRemedy, urn);

    public static Diagnostic ProviderMissing(Urn urn, ProviderReference provider, bool urnKnown) =>
        Error(
            "PROV1204",
            "Provider is missing",
            $"{urn} is handled by the provider {provider}, {(urnKnown ? "which has another id or comes later" : "which is not in the state")}.",
            RepairRemedy,
            urn);

    public static Diagnostic ReferenceToNothing(Urn urn, Urn to) =>
        Error("PROV1205", "State refers to nothing", $"{urn} refers to {to}, which is not in the state.", RepairRemedy, urn);

    public static Diagnostic ReferenceToLater(Urn urn, Urn to) =>
        Error("PROV1206", "State is out of order", $"{urn} refers to {to}, which comes after it.", RepairRemedy, urn);

    public static Diagnostic TwoLiveStates(Urn urn) =>
        Error("PROV1207", "Two states for one URN", $"{urn} is in the state twice, and neither is marked for deletion.", RepairRemedy, urn);

    public static Diagnostic IntegrityBroken(string where, string backup, int count, Diagnostic first) =>
        Error(
            "PROV1208",
            "State contradicts itself",
            $"{where} breaks {count} {(count == 1 ? "rule" : "rules")}; the first: {first.Detail}",
            $"Run `provision state repair`, or put the previous state back: {backup}.");

    public static Diagnostic CheckpointDamaged(string where, string why) =>
        Error("PROV1210", "State cannot be read", $"{where}: {why}", "Put the previous state back from the .bak file beside it or from .pulumi/backups.");

    public static Diagnostic CheckpointNewer(string where, long version) =>
        Error(
            "PROV1211",
            "State was written by a newer tool",
            $"{where} has version {version}; this tool reads versions 0 to {CheckpointJson.NewestVersion}.",
            "Use a newer version of this tool.");

    public static Diagnostic FeatureUnknown(string where, string feature) =>
        Error(
            "PROV1212",
            "State uses a feature this tool does not have",
            $"{where} needs the feature '{feature}', and changing it without that feature would lose something.",
            "Use the pulumi CLI, or a newer version of this tool.");

    public static Diagnostic MagicWrong(string where) =>
        Error(
            "PROV1213",
            "State was changed by hand or damaged",
            $"{where}: the manifest's magic is not the SHA-256 of its version.",
            "Put the previous state back from the .bak file beside it or from .pulumi/backups.");

    public static Diagnostic WriteFailed(string path, string why) =>
        Error("PROV1220", "State cannot be written", $"{path}: {why} What was there before is unchanged.", "Check the folder's owner and permissions, and run again.");

    public static Diagnostic DiskFull(string path) =>
        Error("PROV1221", "Disk is full", $"no room to write {path}. What was there before is unchanged.", "Free some space, and run again: what was done is in the journal.");

    public static Diagnostic ReadFailed(string path, string why) =>
        Error("PROV1222", "State cannot be read", $"{path}: {why}", "Check the file's owner and permissions.");

    public static Diagnostic Locked(StackName stack, string holders) =>
        Error(
            "PROV1225",
            "Stack is locked",
            $"the stack {stack} is in use by {holders}.",
            $"Wait for it to end. If it cannot be running any more, run `provision cancel {stack.Name}`.");

    public static Diagnostic LockLost(StackName stack) =>
        Error(
            "PROV1226",
            "Lock was lost",
            $"the lock on the stack {stack} was removed or taken over while this run held it; nothing more was written.",
            "See who else works on the stack, and run again: what was done until then is in the journal.");

    public static Diagnostic LockTakenOver(StackName stack, string holder, string why) =>
        new(
            Severity.Warning,
            "PROV1227",
            "A stale lock was taken over",
            $"the stack {stack} was locked by {holder}; {why}.");

    public static Diagnostic Recovered(string operation, DateTimeOffset begun, int entries, int pending) =>
        new(
            Severity.Warning,
            "PROV1230",
            "An interrupted run was recovered",
            $"the {operation} begun at {begun:yyyy-MM-dd HH:mm:ss} did not end; {entries} journal {(entries == 1 ? "entry was" : "entries were")} folded into the state"
                + (pending == 0 ? "." : $", and {pending} {(pending == 1 ? "operation was" : "operations were")} still in flight."),
            pending == 0 ? null : "Nothing: this run looks for what was in flight.");

    public static Diagnostic TornTail(string journal, long bytes) =>
        new(Severity.Info, "PROV1231", "The journal's torn end was cut back", $"{journal} ended in {bytes} bytes of a write that was cut short; nobody had been told it was done.");

    public static Diagnostic RecordsCompleted(string operation) =>
        new(Severity.Info, "PROV1232", "The last run's records were completed", $"the {operation} before was saved, and stopped before its history was written.");

    public static Diagnostic JournalDamaged(string journal, string backup, string why) =>
        Error(
            "PROV1233",
            "Journal is damaged",
            $"{journal}: {why} It holds what an interrupted run did, so going on without it could forget real objects.",
            $"Restore the file, or, to go on without it, move it away and run `provision refresh`. The state before that run is in {backup}.");

    public static Diagnostic JournalOfAnotherCheckpoint(string journal, string checkpoint, string operation) =>
        Error(
            "PROV1234",
            "Journal and state do not belong together",
            $"{journal} records an interrupted {operation} on another state than {checkpoint} now holds: something else changed the state since.",
            "Put back the state that the run began with (.bak file or .pulumi/backups), or move the journal away and run `provision refresh`.");

    public static Diagnostic StackMissing(StackName stack, string url) =>
        Error("PROV1240", "Stack does not exist", $"there is no stack {stack} in {url}.", "See `provision stack ls`; `provision up` makes a stack on first use.");

    public static Diagnostic StackThere(StackName stack, string url) =>
        Error("PROV1241", "Stack exists", $"there is a stack {stack} in {url} already.", "Choose another name, or remove that one first.");

    public static Diagnostic StackHoldsResources(StackName stack, int count) =>
        Error(
            "PROV1242",
            "Stack still has resources",
            $"the stack {stack} still holds {count} {(count == 1 ? "resource" : "resources")}.",
            $"Run `provision destroy {stack.Name}` first, or `--force` to forget them where they are.");

    public static Diagnostic StackHasJournal(StackName stack, string journal) =>
        Error(
            "PROV1243",
            "Stack has an unfinished run",
            $"{journal} records an interrupted run on the stack {stack}, which may have made something.",
            $"Run `provision destroy {stack.Name}` first, or `--force` to forget it.");

    public static Diagnostic NameInvalid(string what, string text) =>
        Error("PROV1244", "Name is not allowed", $"'{text}' is no {what} name: 1 to 100 letters, digits, '_', '.' and '-'.", "Choose another name.");

    public static Diagnostic StackReferenceInvalid(string text, string why) =>
        Error("PROV1245", "Stack is not named properly", $"'{text}': {why}", "Write <stack>, organization/<stack> or organization/<project>/<stack>.");

    public static Diagnostic BackendUnsupported(string url, string why) =>
        Error(
            "PROV1246",
            "Backend is not supported",
            $"'{url}': {why}",
            "Use a file:// URL (file://., file://~ or file:///path). For Pulumi Cloud, S3, Azure or GCS hand the stack to the pulumi CLI: `provision stack export`.");

    public static Diagnostic LayoutUnsupported(string path, string why) =>
        Error("PROV1247", "Backend layout is not supported", $"{path}: {why}", "Bring it to layout version 1 with `pulumi state upgrade`, or use a newer version of this tool.");

    public static Diagnostic CompressionUnsupported(string path) =>
        Error("PROV1248", "Compression is not supported", $"{path} is compressed with zstd.", "Decompress it to a .json file beside it (`zstd -d`), or unset PULUMI_DIY_BACKEND_ZSTD and let pulumi write it again.");

    public static Diagnostic PassphraseWrong(string sources) =>
        Error(
            "PROV1250",
            "Incorrect passphrase",
            $"the passphrase does not open this stack's secrets. Tried: {sources}.",
            "Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the passphrase the stack was made with.");

    public static Diagnostic PassphraseMissing(string sources) =>
        Error(
            "PROV1251",
            "No passphrase",
            $"this stack's secrets need a passphrase, and there is none. Looked at: {sources}.",
            "Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the passphrase the stack was made with.");

    public static Diagnostic PassphraseUnreadable(string path, string why) =>
        Error("PROV1252", "Passphrase cannot be read", $"{path}: {why}", "Check PULUMI_CONFIG_PASSPHRASE_FILE and the file's permissions.");

    public static Diagnostic SecretsUnsupported(string type) =>
        Error(
            "PROV1253",
            "Secrets provider is not supported",
            $"the stack's secrets are encrypted by the '{type}' secrets provider.",
            "Run `pulumi stack change-secrets-provider passphrase` with the pulumi CLI first.");

    public static Diagnostic CiphertextDamaged(string why) =>
        Error("PROV1254", "Secret cannot be decrypted", why, "Put the previous state or configuration back; a secret of another stack has to be set anew.");

    public static Diagnostic SaltDamaged() =>
        Error("PROV1255", "Salt is damaged", "the encryption salt is not of the form v1:<salt>:v1:<nonce>:<text>.", "Restore `encryptionsalt` in the stack's configuration file, or the state from its .bak file.");

    public static Diagnostic ImportOfAnotherStack(Urn urn, StackName stack, bool force) =>
        new(
            force ? Severity.Warning : Severity.Error,
            "PROV1260",
            "Deployment is of another stack",
            $"{urn} belongs to stack '{urn.Stack}' of project '{urn.Project}', not to {stack}.",
            force ? null : "Import it into its own stack, or repeat with `--force`.",
            urn);

    public static Diagnostic ImportDropsPending(int count) =>
        new(
            Severity.Warning,
            "PROV1261",
            "Pending operations were dropped",
            $"the deployment had {count} unfinished {(count == 1 ? "operation" : "operations")}; what they made, if anything, is not known to the state.",
            "Run `provision refresh`.");

    public static Diagnostic EditFindsNothing(Urn urn) =>
        Error("PROV1270", "Resource is not in the state", $"there is no {urn}.", "See `provision stack` for the URNs.", urn);

    public static Diagnostic EditProtected(Urn urn) =>
        Error("PROV1271", "Resource is protected", $"{urn} is protected.", "Run `provision state unprotect` first, or repeat with `--force`.", urn);

    public static Diagnostic EditHasDependents(Urn urn, IReadOnlyCollection<Urn> dependents) =>
        Error(
            "PROV1272",
            "Other resources depend on it",
            $"{urn} is needed by {string.Join(", ", dependents.Take(5))}{(dependents.Count > 5 ? $" and {dependents.Count - 5} more" : "")}.",
            "Delete those first, or repeat with `--target-dependents`.",
            urn);

    public static Diagnostic EditNameTaken(Urn urn) =>
        Error("PROV1273", "Name is taken", $"there is a {urn} already.", "Choose another name.", urn);

    public static Diagnostic EditNameInvalid(string name) =>
        Error("PROV1274", "Name is not allowed", $"'{name}' cannot be a resource's name.", "Choose a name that is not empty.");

    public static Diagnostic MoveOfStack(Urn urn) =>
        Error("PROV1275", "A stack cannot be moved", $"{urn} is the root of its stack.", "Name the resources to move, or use `provision stack rename`.", urn);

    public static Diagnostic ReferenceDropped(Urn urn, Urn to) =>
        new(Severity.Warning, "PROV1276", "A reference was dropped", $"{urn} no longer refers to {to}.", null, urn);

    public static Diagnostic StateDropped(Urn urn, string why) =>
        new(Severity.Warning, "PROV1277", "A state was dropped", $"{urn}: {why}", null, urn);

    public static Diagnostic CycleFound(Urn urn) =>
        Error("PROV1278", "States depend on each other in a circle", $"{urn} depends on itself over others.", "Bring the previous state back from the .bak file or .pulumi/backups.", urn);

    private static Diagnostic Error(string code, string summary, string detail, string? remedy, Urn? subject = null) =>
        new(Severity.Error, code, summary, detail, remedy, subject);
}
