import SystemPackage

/// Who may look into what Teal writes.
package enum FileAccess: Hashable, Sendable {
    /// Files 0600, folders 0700: anything that may hold a secret.
    case ownerOnly
    /// Files 0644, folders 0755: what nginx reads.
    case everyoneReads

    var filePermissions: FilePermissions {
        switch self {
        case .ownerOnly: [.ownerReadWrite]
        case .everyoneReads: [.ownerReadWrite, .groupRead, .otherRead]
        }
    }

    var folderPermissions: FilePermissions {
        switch self {
        case .ownerOnly: [.ownerReadWriteExecute]
        case .everyoneReads: [.ownerReadWriteExecute, .groupReadExecute, .otherReadExecute]
        }
    }
}
