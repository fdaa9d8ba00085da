import Orchestration

extension Evidence {
    static let stores = [
        Evidence(.store, 20) { scene in
            let isKnown =
                KnownNames.storeImages.contains(scene.imageName)
                || KnownNames.storeRepositories.contains(scene.repository)
            return isKnown && !scene.worksOnStore ? "image \(scene.imageName)" : nil
        },
        Evidence(.store, 12) { scene in
            scene.storeAddress.map { "\($0) asks it as a store" }
        },
        Evidence(.store, 12) { scene in
            KnownNames.storeVariables.first { names in
                names.allSatisfy { scene.service.environment[$0] != nil }
            }.map { "\($0.joined(separator: ", ")) among its variables" }
        },
        Evidence(.store, 12) { scene in
            let ports = scene.service.exposedPorts + scene.service.publishedPorts.map(\.target)
            return ports.first(where: ServicePorts.stores.contains).map { "port \($0)" }
        },
        Evidence(.store, 12, by: .word) { scene in
            scene.storeWord(in: scene.words, at: .end).map { "\"\($0)\" in its name" }
        },
        Evidence(.store, 12, by: .word) { scene in
            scene.calledSo(
                KnownNames.storeImages.contains(scene.name)
                    && !ServiceScene.isStoreWord(scene.name))
        },
        Evidence(.store, 12, by: .word) { scene in
            // Numbers do not belong to any other word.
            let last = scene.name.split { $0 == "-" || $0 == "_" || $0 == "." }.last
            return last == "s3" ? "\"s3\" in its name" : nil
        },
        // `postgres-meta` and `redis-sessions` look alike: the beginning alone is not enough.
        Evidence(.store, 6, by: .word) { scene in
            scene.storeWord(in: scene.words, at: .beginning).map { "\"\($0)\" in its name" }
        },
        Evidence(.store, 12, by: .word) { scene in
            guard !KnownNames.storeImages.contains(scene.imageName) else { return nil }
            return scene.storeWord(in: scene.imageWords, at: .end)
                .map { "\"\($0)\" in its image's name" }
        },
        Evidence(.store, 6, by: .word) { scene in
            guard !KnownNames.storeImages.contains(scene.imageName) else { return nil }
            return scene.storeWord(in: scene.imageWords, at: .beginning)
                .map { "\"\($0)\" in its image's name" }
        },
        Evidence(.store, 12) { scene in
            scene.service.mounts.first { mount in
                mount.isWritable && !scene.isAboutStore
                    && StoreFolders.all.contains(where: mount.target.hasPrefix)
            }.map { "data at \($0.target)" }
        },
        Evidence(.store, 12) { scene in
            scene.service.imageVolumes.first { place in
                !scene.isAboutStore && StoreFolders.all.contains(where: place.hasPrefix)
            }.map { "its image keeps data at \($0)" }
        },
        Evidence(.store, 10) { scene in
            let probe = scene.service.healthCommand.joined(separator: " ")
            // `pg_isready -h db` asks another.
            let asked = probe.split { !($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
            guard !scene.others.contains(where: { other in asked.contains { $0 == other.name } })
            else { return nil }
            return KnownNames.storeProbes.first(where: probe.contains).map { "health by \($0)" }
        },
    ]
}
