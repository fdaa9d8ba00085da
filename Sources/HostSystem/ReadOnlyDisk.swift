import Glibc

/// A file system that was mounted so, or that the kernel has made so after a fault of its disk.
package enum ReadOnlyDisk {
    /// Whether that alone keeps this user from writing to what is there.
    package static func has(_ path: String) -> Bool {
        access(path, W_OK) != 0 && errno == EROFS
    }

    /// With the next move.
    package static func predicate(_ path: String) -> String {
        "lies on a file system that is read-only. Next: `dmesg` tells of a fault of the disk; "
            + "`mount -o remount,rw \"$(findmnt -no TARGET -T \(path))\"` makes it writable."
    }
}
