import BlueGreen
import HostSystem
import Orchestration

/// The app's folder on disk: its generated files, the link, and what stood there before a change
/// that is not confirmed yet.
struct AppFolder: Sendable {
    let path: String
    private let files = FileSystem()

    init(_ settings: NginxSettings) {
        path = "\(settings.directory)/\(settings.app)"
    }

    var exists: Bool { files.isFolder(path) }

    private var link: String { "\(path)/live" }
    private var journalPath: String { "\(path)/.previous" }
    private static let colourFolders = ["blue", "green", "none"]

    /// The files that Teal generates; hidden ones, the link and others' are none of them.
    func read() throws -> GeneratedFiles {
        var texts: [String: String] = [:]
        for name in try list(path) where name.hasSuffix(".conf") {
            texts[name] = try files.readText("\(path)/\(name)")
        }
        for folder in Self.colourFolders {
            for name in try list("\(path)/\(folder)") {
                texts["\(folder)/\(name)"] = try files.readText("\(path)/\(folder)/\(name)")
            }
        }
        return GeneratedFiles(texts: texts)
    }

    private func list(_ folder: String) throws -> [String] {
        guard files.isFolder(folder) else { return [] }
        return try files.list(folder).filter {
            !$0.hasPrefix(".") && $0 != "live" && !files.isFolder("\(folder)/\($0)")
        }
    }

    /// - Throws: `OrchestrationError.unknownLink` where the link leads anywhere but to a colour or `none`.
    func liveColour() throws -> Colour? {
        guard let target = try files.linkTarget(at: link), target != "none" else { return nil }
        guard let colour = Colour(rawValue: target) else {
            throw OrchestrationError.unknownLink(path: link, target: target)
        }
        return colour
    }

    /// Durable and atomic: this is the switch.
    func point(to colour: Colour?) throws {
        try files.replaceLink(at: link, with: colour?.rawValue ?? "none")
    }

    /// Brings the disk from what it holds to the wanted files. Before the first byte changes, all
    /// that the change will replace is kept in one file beside.
    func replace(_ present: GeneratedFiles, by wanted: GeneratedFiles) throws {
        let changed = Set(present.paths).union(wanted.paths)
            .filter { present.texts[$0] != wanted.texts[$0] }
        try files.makeFolder(path, access: .everyoneReads)
        let journal = Journal(of: changed.sorted(), in: present)
        try AtomicFile.write(journal.text, to: journalPath, access: .everyoneReads)
        try put(changed.sorted(by: Self.writeOrder), from: wanted.texts)
    }

    /// Puts back what an unconfirmed change replaced; the memory of it stays.
    ///
    /// - Returns: whether there was such a change.
    @discardableResult
    func restorePrevious() throws -> Bool {
        guard let text = try files.readTextIfPresent(journalPath) else { return false }
        guard let journal = Journal(text: text) else {
            throw HostError.file(
                path: journalPath, act: "read", reason: "it is not what Teal wrote")
        }
        try put(journal.texts.keys.sorted(by: Self.writeOrder), from: journal.kept)
        return true
    }

    func forgetPrevious() throws {
        try files.removeTree(journalPath)
    }

    func removeAll() throws {
        try files.removeTree(path)
    }

    private func put(_ paths: [String], from texts: [String: String]) throws {
        if try files.linkTarget(at: link) == nil, !texts.isEmpty {
            try files.makeFolder(path, access: .everyoneReads)
            try point(to: nil)
        }
        for name in paths {
            guard let text = texts[name] else {
                try files.removeTree("\(path)/\(name)")
                continue
            }
            if let slash = name.firstIndex(of: "/") {
                try files.makeFolder("\(path)/\(name[..<slash])", access: .everyoneReads)
            }
            try AtomicFile.write(text, to: "\(path)/\(name)", access: .everyoneReads)
        }
    }

    /// `http.conf` refers to the others, so it comes last.
    private static func writeOrder(_ left: String, _ right: String) -> Bool {
        (left == "http.conf" ? 1 : 0, left) < (right == "http.conf" ? 1 : 0, right)
    }
}
