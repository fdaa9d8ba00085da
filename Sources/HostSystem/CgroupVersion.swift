/// Which of the kernel's two interfaces a cgroup has.
///
/// The files of both: https://docs.kernel.org/admin-guide/cgroup-v1/ and
/// https://docs.kernel.org/admin-guide/cgroup-v2.html.
enum CgroupVersion: Hashable, Sendable {
    case one
    case two
}
