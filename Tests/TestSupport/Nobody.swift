import Glibc

/// Runs the body as a user who may not look into the folder, on this thread alone: the kernel
/// keeps the user for files per thread, and takes root's rights over files away with it.
package func asNobody<Result>(
    outside folder: String, _ body: () throws -> Result
) throws -> Result {
    // For one who owns the folder and is not root.
    chmod(folder, 0)
    let user = setfsuid(65534)
    defer {
        setfsuid(uid_t(bitPattern: user))
        chmod(folder, 0o700)
    }
    return try body()
}

@_silgen_name("setfsuid")
@discardableResult
private func setfsuid(_ user: uid_t) -> CInt
