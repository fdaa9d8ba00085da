import Orchestration

extension Evidence {
    static let entrances = [
        Evidence(.entrance, 50) { scene in
            scene.service.publishedPorts.first {
                $0.transport == "tcp" && ["80", "443"].contains($0.published)
            }.map { "host port \($0.published)" }
        },
        Evidence(.entrance, 45) { scene in
            guard let wish = ServicePorts(scene.service).wish else { return nil }
            return "\(wish.source) names port \(wish.port)"
        },
        Evidence(.entrance, 20) { scene in
            scene.service.isRouted && ServicePorts(scene.service).wish == nil
                ? "a proxy's labels or variables" : nil
        },
        Evidence(.entrance, 40) { $0.calledSo(KnownNames.entrances.contains($0.name)) },
        Evidence(.entrance, 30) { $0.calledSo($0.endsLikeAnEntrance) },
        Evidence(.entrance, 30) { $0.calledSo($0.name == "client") },
        Evidence(.entrance, -30, "a page beside it") { $0.name == "server" && $0.isBehindPage },
        // Where visitors come to both, `/` is the front's and not that of its `api`.
        Evidence(.entrance, 10) { $0.calledSo(KnownNames.fronts.contains($0.name)) },
        Evidence(.entrance, 5) { $0.calledSo(["api", "backend", "main"].contains($0.name)) },
        Evidence(.entrance, 15, "called as the project") { $0.name == $0.project },
        Evidence(.entrance, 25, "its work is to pass requests on") { scene in
            scene.isProxy && !scene.service.publishedPorts.isEmpty
        },
        Evidence(.entrance, 30) { scene in
            KnownNames.applications.contains(scene.imageName) || scene.isKnownApplication
                ? "image \(scene.imageName)" : nil
        },
        Evidence(.entrance, 20) { scene in
            let ports = ServicePorts(scene.service)
            guard let best = ports.published.first, ServicePorts.usual.contains(best) else {
                return nil
            }
            return "publishes port \(best)"
        },
        Evidence(.entrance, 8) { scene in
            let ports = ServicePorts(scene.service)
            guard let best = ports.published.first, !ServicePorts.usual.contains(best),
                !ServicePorts.others.contains(best)
            else { return nil }
            return "publishes port \(best)"
        },
        Evidence(.entrance, 6, "built here") { $0.service.build != nil },
        Evidence(.entrance, 6, "image from a variable", if: \.hasVariableImage),
        Evidence(.entrance, 8, "nothing waits for it") { !$0.isAwaited },
        Evidence(.entrance, -20, "others wait for it", if: \.isAwaited),
        Evidence(
            .entrance, -40, "another's program beside what is built here", if: \.isBesideBuilt),
        Evidence(.entrance, -25, "published for the host itself only", if: \.isOnLoopback),
        Evidence(
            .entrance, -25, "at any free port of the host, beside one with its own",
            if: \.isAtAnyPort),
        Evidence(.entrance, -30, "called as a store is") { scene in
            scene.storeWord(in: scene.words, at: .end) != nil
                || KnownNames.storeImages.contains(scene.name)
        },
        Evidence(.entrance, 20, "the others' page to look at") { scene in
            KnownNames.boards.contains(scene.imageName) || KnownNames.boards.contains(scene.name)
        },
        Evidence(.entrance, -40) { scene in
            scene.words.first { KnownNames.sideWords.contains($0) }
                .map { "\"\($0)\" in its name" }
        },
    ]
}

extension ServiceScene {
    var isProxy: Bool { KnownNames.proxies.contains(imageName) }

    /// A proxy that looks for the others itself; without one that has labels it is like any other.
    var isSearchingProxy: Bool {
        KnownNames.ownTLSProxies.contains(imageName)
            || KnownNames.searchingProxies.contains(imageName) && others.contains(where: \.isRouted)
    }

    /// Built here, with a port that usually speaks HTTP.
    var isVisitedHere: Bool {
        service.build != nil && ServicePorts(service).published.hasVisited
    }

    /// A proxy waits for what it passes requests on to.
    fileprivate var isAwaited: Bool {
        others.contains {
            dependents.contains($0.name)
                && !KnownNames.searchingProxies.contains(($0.imageBaseName ?? "").lowercased())
                && !KnownNames.ownTLSProxies.contains(($0.imageBaseName ?? "").lowercased())
        }
    }

    /// Made elsewhere, while a part of the release is built here and has a port for visitors.
    fileprivate var isBesideBuilt: Bool {
        service.build == nil && !hasVariableImage && !isProxy
            && others.allSatisfy { $0.build == nil || $0.image != service.image }
            && others.contains {
                $0.build != nil && (ServicePorts($0).published.mayBeVisited || $0.isRouted)
            }
    }

    /// The engine chooses its ports of the host, and another service has a fixed one.
    var isAtAnyPort: Bool {
        func fixed(_ service: ServiceOutline) -> Bool {
            service.publishedPorts.contains { $0.transport == "tcp" && !$0.published.isEmpty }
        }
        return !service.publishedPorts.isEmpty && !fixed(service)
            && others.contains { fixed($0) && ServicePorts($0).published.mayBeVisited }
    }

    /// Only the host reaches it, and everybody another service.
    var isOnLoopback: Bool {
        let own = service.publishedPorts
        return !own.isEmpty && own.allSatisfy(\.isLoopback)
            && others.contains { other in
                let open = other.publishedPorts.filter { !$0.isLoopback && $0.transport == "tcp" }
                return open.map(\.target).hasVisited
            }
    }

    /// `server` is often the site itself, and beside a `client` it is what that one asks.
    fileprivate var isBehindPage: Bool {
        others.contains { other in
            !other.publishedPorts.isEmpty
                && Self.words(of: other.name).contains {
                    ["client", "front", "frontend", "ui", "web", "webapp"].contains($0)
                }
        }
    }

    fileprivate var endsLikeAnEntrance: Bool {
        guard !KnownNames.entrances.contains(name), words.count > 1, let last = words.last else {
            return false
        }
        return KnownNames.entranceWords.contains(last)
            || ["web", "app", "frontend"].contains(words.first)
    }
}

extension [Int] {
    fileprivate var hasVisited: Bool { contains(where: ServicePorts.usual.contains) }

    /// One of them could speak HTTP to visitors.
    fileprivate var mayBeVisited: Bool {
        contains { !ServicePorts.others.contains($0) && !ServicePorts.inward.contains($0) }
    }
}

extension ServiceOutline {
    /// A proxy such as Traefik is told to send requests here.
    var isRouted: Bool {
        if labels["traefik.enable"] == "false" { return false }
        return environment["VIRTUAL_HOST"] != nil || environment["VIRTUAL_PORT"] != nil
            || labels.contains { key, value in
                key.hasPrefix("traefik.http.routers.") || key.hasPrefix("traefik.http.services.")
                    || key == "traefik.frontend.rule" || key == "caddy"
                    || (key == "traefik.enable" && value == "true")
            }
    }
}
