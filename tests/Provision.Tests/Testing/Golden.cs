using Xunit;

namespace Provision.Tests.Testing;

/// <summary>Expected text in <c>tests/Provision.Tests/golden</c>. <c>PROVISION_ACCEPT=1</c> rewrites it; the diff is then what is reviewed.</summary>
internal static class Golden
{
    /// <summary>The repository's root: the folder of Provision.sln above the test's binaries.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Compares with the golden file of that name, line endings aside.</summary>
    public static void Match(string actual, string file)
    {
        var path = Path.Combine(Repository, "tests", "Provision.Tests", "golden", file);
        actual = actual.ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable("PROVISION_ACCEPT") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path) ?? path);
            File.WriteAllText(path, actual);
        }

        Assert.True(File.Exists(path), $"There is no golden file {file} yet: run the test with PROVISION_ACCEPT=1 and review what it wrote.");
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), actual);
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Provision.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} has a Provision.sln.");
    }
}
