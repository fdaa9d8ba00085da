import BlueGreen
import DockerCompose

/// The words of `clean` about the things that it found.
struct CleaningSummary {
    private let clutter: [Clutter]
    private let app: AppContext

    init(_ clutter: [Clutter], _ app: AppContext) {
        self.clutter = clutter
        self.app = app
    }

    /// The text if nothing is removed.
    var shown: String {
        clutter.isEmpty ? nothing : "\(table)\nNext: \(app.command("clean")) removes it.\n"
    }

    func shownAndRemoved(_ freed: ByteCount) -> String {
        clutter.isEmpty ? nothing : "\(table)\n\(removed(freed))"
    }

    func removed(_ freed: ByteCount) -> String {
        "Removed \(things); \(freed.shortText) are known to be free now.\n"
    }

    /// Without its last line break.
    var table: String {
        let rows =
            [["what", "name", "size"]]
            + clutter.map { [$0.kind.words, $0.shortName, $0.size.map(\.shortText) ?? "unknown"] }
        let lines = TextTable(rows).lines.map(SafeLine.own)
        return (lines + ["\(things), \(total)"]).joined(separator: "\n")
    }

    private var nothing: String {
        "Nothing to clean: all that is left of \(app.name) belongs to a release that is kept.\n"
    }

    private var things: String {
        clutter.count == 1 ? "1 thing" : "\(clutter.count) things"
    }

    private var total: String {
        let known = clutter.compactMap(\.size)
        return known.total.shortText + (known.count < clutter.count ? " and what is unknown" : "")
    }
}

extension ByteCount {
    /// As `text`, but that nothing needs no unit.
    var shortText: String { self == .zero ? "0" : text }
}

extension Clutter {
    /// An image's id in the length that Docker shows.
    fileprivate var shortName: String {
        switch kind {
        case .releaseFolder, .imageTag: name
        case .danglingImage: String(name.split(separator: ":").last?.prefix(12) ?? "")
        }
    }
}

extension Clutter.Kind {
    fileprivate var words: String {
        switch self {
        case .releaseFolder: "release"
        case .imageTag: "image"
        case .danglingImage: "unnamed image"
        }
    }

    /// In `--json`.
    var word: String {
        switch self {
        case .releaseFolder: "release_folder"
        case .imageTag: "image_tag"
        case .danglingImage: "dangling_image"
        }
    }
}
