import BlueGreen
import HostSystem
import Orchestration
import Synchronization
import Testing

@testable import Nginx

@Suite("An observer")
struct NginxObserverTests {
    /// The app's folder as the router makes it, and a clock that a test sets.
    private final class Place: WallClock {
        let settings: NginxSettings
        private let moment = Mutex(Timestamp(milliseconds: 1_795_210_445_000))
        private let files = FileSystem()

        init() throws {
            settings = try NginxSettings(
                app: "shop", services: ["web"],
                place: NginxSettings.Place(
                    directory: "/tmp/teal-observer-\(UInt64.random(in: 0 ... .max))"),
                rollout: NginxSettings.Rollout(isObserved: true))
        }

        var folder: String { "\(settings.directory)/shop" }
        var watch: WatchFolder { AppPaths(folder).watch }
        var observer: NginxObserver { NginxObserver(settings, clock: self) }
        var now: Timestamp { moment.withLock(\.self) }

        var link: String? {
            get throws { try files.linkTarget(at: "\(folder)/live") }
        }

        var slots: [String] {
            get throws { try files.list(watch.path).filter { $0 != "requests.log" } }
        }

        func sleep(until moment: Timestamp) async throws { pass(moment - now) }

        func pass(_ duration: Duration) {
            moment.withLock { $0 = $0 + duration }
        }

        private static let states = [
            "none", "blue", "blue-watched", "blue-canary-10", "blue-maintenance",
            "blue-watched-maintenance",
        ]

        func make(link: String, isObserved: Bool = true) throws {
            for name in Self.states where isObserved || !name.contains("-") {
                for marker in LinkState(name: name)?.markers ?? [] {
                    try write("", to: "\(name)/\(marker)")
                }
            }
            try files.replaceLink(at: "\(folder)/live", with: link)
            let blueprint = Blueprint(
                settings: settings, table: .empty, live: LinkState(.blue),
                environment: Blueprint.Environment(
                    version: .oldestSupported, listen: settings.status, gateways: [],
                    log: isObserved ? .server : .nowhere))
            try write(try blueprint.files.texts["http.conf"] ?? "", to: "http.conf")
            try write("", to: "watch/requests.log")
        }

        func write(_ text: String, to name: String) throws {
            let parent = name.split(separator: "/").dropLast().joined(separator: "/")
            try files.makeFolder("\(folder)/\(parent)", access: .everyoneReads)
            try AtomicFile.write(text, to: "\(folder)/\(name)", access: .everyoneReads)
        }

        /// One request that ends now.
        func answer(_ count: Int = 1) throws {
            let moment = "\(now.milliseconds / 1000).000"
            let line = "\(moment)|blue|200|200|0.010|0.010\n"
            let before = try files.readText(watch.log)
            try write(before + String(repeating: line, count: count), to: "watch/requests.log")
        }

        func remove() throws { try files.removeTree(settings.directory) }
    }

    private func withPlace(_ story: (Place) async throws -> Void) async throws {
        let place = try Place()
        do {
            try await story(place)
        } catch {
            try place.remove()
            throw error
        }
        try place.remove()
    }

    @Test(
        "An observer begins by slots and link, and ends by undoing both, any number of times",
        arguments: [
            ("blue", "blue-watched", "blue"),
            ("blue-maintenance", "blue-watched-maintenance", "blue-maintenance"),
            ("blue-watched", "blue-watched", "blue"),
            ("blue-canary-10", "blue-canary-10", "blue-canary-10"),
        ])
    func watch(before: String, during: String, after: String) async throws {
        try await withPlace { place in
            try place.make(link: before)
            try place.answer()
            let observer = place.observer
            for _ in 1...2 {
                try await observer.begin(until: place.now + .seconds(200))
                #expect(try place.link == during)
                #expect(try place.slots == ["17952104", "17952105", "17952106"])
                #expect(try await observer.look().isEmpty)
            }
            try place.answer(3)
            #expect(try await observer.look()[.blue]?.requests == 3)
            #expect(try await observer.look()[.blue]?.requests == 3)
            for _ in 1...2 {
                try await observer.end()
                #expect(try place.link == after)
                #expect(try place.slots == [])
                #expect(try FileSystem().readText(place.watch.log).isEmpty)
                #expect(try await observer.look().isEmpty)
            }
        }
    }

    @Test("An observer that begins again counts from zero and goes on until the new moment")
    func extended() async throws {
        try await withPlace { place in
            try place.make(link: "blue")
            let observer = place.observer
            try await observer.begin(until: place.now + .seconds(60))
            try place.answer(5)
            #expect(try await observer.look()[.blue]?.requests == 5)
            place.pass(.seconds(100))
            try await observer.begin(until: place.now + .seconds(160))
            #expect(try place.slots == ["17952105", "17952106", "17952107"])
            try place.answer(2)
            #expect(try await observer.look()[.blue]?.requests == 2)
        }
    }

    @Test(
        "An observer watches for at most two hours, and never until a moment in the past"
    )
    func bounds() async throws {
        try await withPlace { place in
            try place.make(link: "blue")
            let observer = place.observer
            try await observer.begin(until: place.now + .seconds(1_000_000))
            #expect(try place.slots.count == 73)
            try await observer.begin(until: place.now + .seconds(-1))
            #expect(try place.slots == [])
        }
    }

    @Test("An observer has nothing to do where nobody has traffic, or there is nothing of the app")
    func nothing() async throws {
        try await withPlace { place in
            let observer = place.observer
            for _ in 1...2 {
                try await observer.begin(until: place.now + .seconds(60))
                #expect(try await observer.look().isEmpty)
                try await observer.end()
                let slots = FileSystem().exists(place.watch.path) ? try place.slots : []
                #expect(slots == [])
                try place.make(link: "none")
            }
        }
    }

    @Test("Another run goes on reading the log that the run before it began")
    func resumed() async throws {
        try await withPlace { place in
            try place.make(link: "blue")
            try await place.observer.begin(until: place.now + .seconds(60))
            try place.answer(4)
            let later = place.observer
            #expect(try await later.look()[.blue]?.requests == 4)
            try await later.end()
            #expect(try place.link == "blue")
        }
    }

    @Test(
        "An observer begins neither without a watch, nor without a log, nor on an unknown link"
    )
    func refusals() async throws {
        try await withPlace { place in
            try place.make(link: "blue", isObserved: false)
            let until = place.now + .seconds(60)
            await #expect(throws: NginxError.notObserved(folder: place.folder)) {
                try await place.observer.begin(until: until)
            }
            #expect(try place.link == "blue")
            try place.make(link: "blue")
            try FileSystem().removeTree(place.watch.log)
            await #expect(throws: NginxError.logMissing(place.watch.log)) {
                try await place.observer.begin(until: until)
            }
            #expect(try await place.observer.look().isEmpty)
            try await place.observer.end()
            #expect(try place.link == "blue")
            try place.make(link: "purple")
            await #expect(throws: OrchestrationError.self) {
                try await place.observer.begin(until: until)
            }
            await #expect(throws: OrchestrationError.self) { try await place.observer.end() }
            #expect(try place.link == "purple")
        }
    }
}
