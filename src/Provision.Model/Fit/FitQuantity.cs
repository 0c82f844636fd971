namespace Provision.Model.Fit;

/// <summary>What of a host runs out.</summary>
public enum FitQuantity
{
    /// <summary>Memory, in bytes.</summary>
    Memory,

    /// <summary>Processors, of which a container may have parts.</summary>
    Processors,

    /// <summary>Storage for machines' disks, in bytes.</summary>
    Disk,
}

/// <summary>Who says how much a host has.</summary>
public enum FitSource
{
    /// <summary>Nobody.</summary>
    Unknown,

    /// <summary>The stack.</summary>
    Declared,

    /// <summary>The host itself.</summary>
    Reported,
}
