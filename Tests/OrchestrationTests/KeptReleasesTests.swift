import BlueGreen
import Orchestration
import TestSupport
import Testing

@Suite("Releases that are kept")
struct KeptReleasesTests {
    @Test("The newest that had traffic stay, and a run that never had any pushes none out")
    func newest() {
        let kept = KeptReleases(
            among: (1...5).reversed().map { Sample.release($0) },
            past: [Self.promoted(5), Self.promoted(3), Self.promoted(2), Self.promoted(1)],
            ends: [Sample.release(5)], count: 3)
        #expect(kept.releases == Set([5, 3, 2].map { Sample.release($0) }))
    }

    @Test("Who has traffic and who had it before stay, however few are to be kept")
    func ends() {
        let kept = KeptReleases(
            in: Self.situation(active: 1), past: [Self.promoted(1, from: 4)], count: 0)
        #expect(kept.releases == [Sample.release(1), Sample.release(4)])
    }

    @Test("A release with a container or an unfinished deployment stays")
    func inUse() {
        let unfinished = Sample.deployment(
            previous: Placement(colour: .blue, release: Sample.release(1)))
        let kept = KeptReleases(
            in: Self.situation(active: 1, other: 3), past: [unfinished], count: 0)
        #expect(kept.releases == Set([1, 2, 3].map { Sample.release($0) }))
    }

    private static func situation(active: UInt16, other: UInt16? = nil) -> Situation {
        let blue = Placement(colour: .blue, release: Sample.release(active))
        let green = other.map { Placement(colour: .green, release: Sample.release($0)) }
        return Situation(
            live: .blue,
            containers: [blue, green].compactMap(\.self).map { placement in
                Container(
                    id: "\(placement.colour)", name: "shop-\(placement.colour)-web-1",
                    replica: Replica(service: "web", index: 1), role: .exposed,
                    placement: placement, state: .running)
            },
            deployments: [],
            releases: (1...5).reversed().map {
                Release(
                    id: Sample.release($0), label: nil, createdAt: Sample.moment, services: [])
            })
    }

    private static func promoted(_ entropy: UInt16, from previous: UInt16? = nil) -> Deployment {
        var deployment = Deployment(
            Order(
                number: Int(entropy), kind: .deploy,
                candidate: Placement(colour: .blue, release: Sample.release(entropy)), label: nil,
                previous: previous.map {
                    Placement(colour: .green, release: Sample.release($0))
                }, services: [Sample.web], settings: DeploymentSettings()), at: Sample.moment)
        while deployment.next(at: Sample.moment).step != nil {
            deployment.record(.done, at: Sample.moment)
        }
        return deployment
    }
}
