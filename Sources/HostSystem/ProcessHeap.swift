import Glibc

/// The memory that this process has allocated.
package enum ProcessHeap {
    private typealias Trim = @convention(c) (Int) -> Int32

    /// Gives the pages that hold nothing any more back to the kernel. The allocator keeps them else,
    /// so that a process that lives long has the memory of its greatest moments.
    package static func trim() {
        // Swift's module of the C library has no malloc.h.
        guard let symbol = dlsym(nil, "malloc_trim") else { return }
        _ = unsafeBitCast(symbol, to: Trim.self)(0)
    }
}
