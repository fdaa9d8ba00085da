import Orchestration

extension Evidence {
    /// Of what belongs to the release.
    static let own = [
        Evidence(.own, 12, "built here") { $0.service.build != nil },
        // Versions of well-known images are often in variables, and two may have the same one.
        Evidence(.own, 10, "image from a variable") { $0.hasVariableImage && !$0.hasStoreImage },
        Evidence(.own, 10) { scene in
            scene.hasStoreImage || scene.isGuest
                ? nil : scene.twin.map { "the same image as \($0)" }
        },
        Evidence(.own, 10) { scene in
            scene.isKnownApplication && !scene.isGuest
                ? "image \(scene.imageName)" : nil
        },
        Evidence(.own, 10) { scene in
            scene.isNamedAsPart ? "called as a part of a release" : nil
        },
        Evidence(.own, 10) { scene in
            scene.kin.map { "an image of the same people as \($0)'s" }
        },
        Evidence(.own, 10) { scene in
            let parts = scene.imageWords + (scene.imageOwner.map { [$0] } ?? [])
            return scene.project.count > 2 && parts.contains(scene.project)
                ? "image named after the project" : nil
        },
    ]
}
