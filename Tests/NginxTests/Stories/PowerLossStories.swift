import BlueGreen
import HostSystem
import Testing

@testable import Nginx

@Suite("Power lost between two writes", .serialized, .timeLimit(.minutes(20)))
struct PowerLossStories {
    private static let rollout = NginxSettings.Rollout(
        isObserved: true, steps: [Share(percent: 10), Share(percent: 50)])

    @Test("A power loss leaves files that a real nginx takes, whether watching comes or goes")
    func everyWrite() async throws {
        try await OwnNginx.running { own in
            let plain = try own.router()
            try await plain.prepare()
            try await plain.arm(own.table)
            try await plain.route(.all(.green))
            let without = try plain.folder.read()
            let careful = try own.router(rollout: Self.rollout)
            try await careful.prepare()
            try await careful.arm(own.table)
            let with = try careful.folder.read()
            #expect(with.texts["server.conf"] != without.texts["server.conf"])
            try await write(from: with, to: without, own)
            try await write(from: without, to: with, own)
        }
    }

    private func write(
        from present: GeneratedFiles, to wanted: GeneratedFiles, _ own: OwnNginx
    ) async throws {
        let folder = "\(own.directory)/shop"
        let names = Set(present.paths + wanted.paths)
            .filter { present.texts[$0] != wanted.texts[$0] }
        let order = WriteOrder(
            names, from: wanted.texts, serverFile: present.texts["server.conf"], live: .green)
        #expect(order.writes.count > 3)
        for (name, text) in order.writes {
            if let text {
                try AtomicFile.write(text, to: "\(folder)/\(name)", access: .everyoneReads)
            } else {
                try FileSystem().removeTree("\(folder)/\(name)")
            }
            #expect(try await own.test(), "after \(name)")
        }
    }
}
