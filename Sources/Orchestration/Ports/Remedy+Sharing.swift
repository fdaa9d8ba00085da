package import BlueGreen

/// The ways out for a service of which each colour would have its own, told by `teal init` as well
/// as by the refusals.
extension Remedy {
    /// The part of a service in the release, as far as its evidence tells.
    package enum Belonging: Hashable, Sendable {
        /// A program of the release: each deploy has to replace it.
        case program
        /// It does its work once per release, and ends.
        case oneShot
        /// Nothing says so: it may be a database.
        case unknown
    }

    /// Whether one of it could serve both colours.
    package enum Sharing: Hashable, Sendable {
        case possible
        case impossible
    }

    /// For one that can write to data, in an internal service; the likeliest first.
    ///
    /// - Parameter volumes: those that its entry accepts already.
    package static func forWriters(
        _ service: String, _ belonging: Belonging, volumes: ServiceSettings.VolumeUse = [],
        _ sharing: Sharing
    ) -> [Remedy] {
        let both = Remedy(
            service, [.volumes(volumes.union(.shared))],
            "if two writers are fine (files, and no database)")
        let once = Remedy(service, [.role(.singleton)], "if only one may write at a time")
        let one = shared(service, belonging, sharing)
        return switch belonging {
        case .program: [both, once] + one
        // As a singleton it would run after those that wait for it.
        case .oneShot: [both] + one
        case .unknown: one + [both]
        }
    }

    /// For one that would begin with an empty volume in each colour.
    package static func forEmptyVolumes(
        _ service: String, _ belonging: Belonging, volumes: ServiceSettings.VolumeUse = [],
        _ sharing: Sharing
    ) -> [Remedy] {
        let fresh = Remedy(
            service, [.volumes(volumes.union(.fresh))], "if it may begin empty with each release")
        let one = shared(service, belonging, sharing)
        return belonging == .unknown ? one + [fresh] : [fresh] + one
    }

    /// The line that makes it shared, with its cost where it may be a part of the release.
    package static func shared(
        _ service: String, _ belonging: Belonging, _ sharing: Sharing = .possible
    ) -> [Remedy] {
        guard sharing == .possible else { return [] }
        let purpose =
            switch belonging {
            case .unknown: "so that it runs once for both"
            case .program:
                "if it is no part of a release, as a database is none: a deploy never replaces it, "
                    + "but for `teal deploy --update-shared \(service)`"
            case .oneShot:
                "if it need not run for each release: a deploy runs it no more, but for "
                    + "`teal deploy --update-shared \(service)`"
            }
        return [Remedy(service, [.role(.shared)], purpose)]
    }
}

extension Remedy {
    /// The way to keep the ports of one that waits for services of the colours, as a part of a
    /// sentence: no line of `teal.yml` alone is one.
    ///
    /// - Parameter dependencies: of which each colour has its own; not empty.
    package static func keepingPorts(of service: String, without dependencies: [String]) -> String {
        let what = dependencies.count == 1 ? "dependency" : "dependencies"
        return "remove its \(what) on \(dependencies.joined(separator: ", ")) in the compose file, "
            + "and write `\(Remedy(service, [.role(.shared)]).line)`: a deploy never replaces it "
            + "then, but for `teal deploy --update-shared \(service)`"
    }
}

/// Where the usual stores keep their data.
package enum StoreFolders {
    package static let all = [
        "/var/lib/postgresql", "/var/lib/mysql", "/var/lib/mariadb", "/data/db", "/data/configdb",
        "/var/lib/redis", "/var/lib/rabbitmq", "/var/lib/cassandra", "/var/lib/clickhouse",
        "/var/lib/influxdb", "/var/lib/neo4j", "/var/opt/mssql", "/usr/share/elasticsearch/data",
        "/usr/share/opensearch/data", "/bitnami/postgresql", "/bitnami/mysql", "/bitnami/mariadb",
        "/bitnami/mongodb", "/bitnami/redis", "/bitnami/kafka", "/var/lib/kafka", "/meili_data",
        "/qdrant/storage", "/var/lib/etcd", "/opt/couchdb/data", "/var/lib/couchdb",
    ]
}

/// Ports on which something else than HTTP is usual, so that nginx is no way to them.
package enum OtherProtocols {
    package static let ports: Set<Int> = [
        21, 22, 23, 25, 53, 110, 111, 119, 139, 143, 222, 389, 445, 465, 587, 636, 853, 873, 993,
        995, 1025, 1433, 1521, 1883, 1935, 2222, 3306, 3478, 4190, 4222, 5222, 5269, 5349, 5432,
        5671, 5672, 6379, 8125, 9042, 9092, 9093, 9094, 11211, 25565, 27017, 50051,
    ]
}
