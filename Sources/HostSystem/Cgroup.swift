/// One cgroup that may confine Docker, and where to read it.
struct Cgroup: Hashable, Sendable {
    let version: CgroupVersion
    let folder: String
    /// Pressure is told in version 2 only. With both versions mounted, as systemd once did by
    /// default, the cgroup of the same name in that hierarchy holds the same processes.
    let pressureFolder: String?

    func file(_ name: String) -> KernelFile {
        KernelFile("\(folder)/\(name)")
    }

    /// nil where this kernel does not tell it for the cgroup.
    func pressure(on controller: CgroupController) throws -> Pressure? {
        guard let pressureFolder else { return nil }
        let file = KernelFile("\(pressureFolder)/\(controller.rawValue).pressure")
        return try file.text().flatMap { Pressure($0) }
    }
}
