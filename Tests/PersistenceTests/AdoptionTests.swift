import BlueGreen
import HostSystem
import Orchestration
import Persistence
import TestSupport
import Testing

@Suite("A store that takes over what another host has recorded")
struct AdoptionTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder("shop/teal.sqlite")
    }

    private func deployment(_ number: Int, label: String? = nil) -> Deployment {
        Deployment(
            Order(
                number: number, kind: .deploy,
                candidate: Placement(colour: .blue, release: Sample.release(UInt16(number))),
                label: label, previous: nil, services: [Sample.web],
                settings: DeploymentSettings()),
            at: Sample.moment)
    }

    private func release(_ number: UInt16) -> Release {
        Release(
            id: Sample.release(number), label: nil, createdAt: Sample.moment,
            services: [Sample.web])
    }

    private func records(_ numbers: [Int], _ releases: [UInt16]) -> SharedRecords {
        SharedRecords(
            deployments: numbers.map { deployment($0, label: "other") },
            releases: releases.map(release))
    }

    @Test("Its older deployments stay, newer ones and other releases go, and no end is counted")
    func adopts() async throws {
        let store = try SQLiteDeploymentStore.open(path)
        #expect(try await store.edition() == nil)
        for number in 1...5 { try await store.save(deployment(number)) }
        try await store.save(release(1))
        try await store.save(
            memory: ["web": MemoryUse(held: .mebibytes(9))], of: Sample.release(1))
        try await store.note(Edition(life: "a", number: 3))

        try await store.adopt(records([4, 3], [4]), of: Edition(life: "a", number: 8))
        let reader = try SQLiteDeploymentStore.openForReading(path)
        #expect(try await reader.deployments(limit: 9).map(\.number) == [4, 3, 2, 1])
        #expect(
            try await reader.deployments(limit: 9).map(\.label) == ["other", "other", nil, nil])
        #expect(try await reader.releases() == [release(4)])
        #expect(try await reader.memoryUses().isEmpty)
        #expect(try await reader.edition() == Edition(life: "a", number: 8))
        #expect(
            try await reader.deployments(limit: 9)
                == records([4, 3], []).joined(with: [deployment(5), deployment(2), deployment(1)]))

        try await store.adopt(records([1], []), of: Edition(life: "b", number: 1))
        #expect(try await reader.deployments(limit: 9) == [deployment(1, label: "other")])
        #expect(try await reader.totals().lines.isEmpty)
    }

    @Test("A life that is over leaves nothing")
    func forgets() async throws {
        let store = try SQLiteDeploymentStore.open(path)
        try await store.adopt(records([2, 1], [2]), of: Edition(life: "a", number: 8))
        try await store.forgetLife()
        #expect(try await store.deployments(limit: 9).isEmpty)
        #expect(try await store.releases().isEmpty)
        #expect(try await store.edition() == nil)
    }

    @Test("A writing of another life is newer, and else the one of the greater number")
    func newer() {
        let known = Edition(life: "a", number: 3)
        #expect(known.isNewer(than: nil))
        #expect(!known.isNewer(than: known))
        #expect(Edition(life: "a", number: 4).isNewer(than: known))
        #expect(!Edition(life: "a", number: 2).isNewer(than: known))
        #expect(Edition(life: "b", number: 1).isNewer(than: known))
    }
}
