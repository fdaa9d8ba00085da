import BlueGreen
import Orchestration

/// The result of `clean` with `--json`.
struct CleanDocument: Encodable {
    struct Item: Encodable {
        /// `release_folder`, `image_tag`, `dangling_image`.
        let kind: String
        /// A path, an image's name with tag, an image's id.
        let name: String
        /// Left out for an image without a name.
        let release: String?
        /// Left out where the engine does not tell.
        let sizeBytes: Int64?
        let removed: Bool
    }

    let formatVersion = 1
    let app: String
    let exitStatus: Int32
    let items: [Item]
    let freedBytes: Int64

    init(app: String, items: [Clutter], removed: [Clutter], freed: ByteCount = .zero) {
        self.app = app
        exitStatus = ExitStatus.done.rawValue
        let gone = Set(removed)
        self.items = items.map { item in
            Item(
                kind: item.kind.word, name: item.name, release: item.release?.text,
                sizeBytes: item.size?.bytes, removed: gone.contains(item))
        }
        freedBytes = freed.bytes
    }
}
