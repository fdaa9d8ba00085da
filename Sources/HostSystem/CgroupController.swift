/// The parts of the kernel that confine a cgroup, as far as Teal reads them; by the kernel's names.
enum CgroupController: String, Sendable {
    case memory
    case processor = "cpu"
}
