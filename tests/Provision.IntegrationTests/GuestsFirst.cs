using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Provision.IntegrationTests.GuestsFirst))]

namespace Provision.IntegrationTests;

/// <summary>
/// Begins with the classes that boot guests: they take minutes, of which they mostly wait, and the others run beside them. One of them begun last would be
/// waited for alone.
/// </summary>
public sealed class GuestsFirst : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => !BootsGuests(collection.TestCollectionDisplayName))];

    private static bool BootsGuests(string name) =>
        name.Contains(".EndToEnd.Machines.", StringComparison.Ordinal) || name.Contains("GuestTests", StringComparison.Ordinal);
}
