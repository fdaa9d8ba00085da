import Glibc

/// The memory that this process has allocated.
package enum ProcessHeap {
    private typealias Trim = @convention(c) (Int) -> Int32
    private typealias Tune = @convention(c) (Int32, Int32) -> Int32

    /// All threads take from one pool. With one for each the free memory of any is no use to the
    /// others, which costs a process that lives long some MB.
    package static func shareOnePool() {
        guard let symbol = dlsym(nil, "mallopt") else { return }
        // M_ARENA_MAX
        _ = unsafeBitCast(symbol, to: Tune.self)(-8, 1)
    }

    /// Gives the pages that hold nothing any more back to the kernel. The allocator keeps them else,
    /// so that a process that lives long has the memory of its greatest moments.
    package static func trim() {
        // Swift's module of the C library has no malloc.h.
        guard let symbol = dlsym(nil, "malloc_trim") else { return }
        _ = unsafeBitCast(symbol, to: Trim.self)(0)
    }
}
