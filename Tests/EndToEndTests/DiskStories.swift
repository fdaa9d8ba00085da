import BlueGreen
import HostSystem
import TestSupport
import Testing

extension Stories.ThirdLane {
    @Suite("Disk")
    struct Disk {
        @Test("26: Where images would fill the disk nothing is pulled; what is there is deployed")
        func noRoom() async throws {
            try await Stories.tell("diskfull", more: "disk: {reserve: 1024G}") { story in
                let before = try await story.containers()
                // Nobody answers at its registry, so a pull would be told of.
                try story.writeCompose(
                    Stories.web.replacing("teal/demo-shop:v1", with: "127.0.0.1:1/absent:v2"))
                let result = try await story.deploy(["VERSION": "v2"], exit: 3)
                #expect(result.standardOutput.contains("There is no room for the image of web"))
                #expect(result.standardOutput.contains("1048576 MB must stay free there"))
                #expect(try await story.containers() == before)
                #expect(try await story.version() == "v1")
                try story.writeCompose(Stories.web)
                try await story.deploy(["VERSION": "v2"])
                #expect(try await story.version() == "v2")
            }
        }

        @Test(
            "26: Neither a prune nor teal clean takes away what a rollback needs",
            .enabled(if: Story.ownsDocker, "a Docker that others use is not pruned for a test"),
            .alone,
            arguments: [
                // Without a container only an image without a name would go.
                (PreviousColour.running, ["--all"]), (.stopped, ["--all"]), (.removed, []),
            ])
        func pruned(previous: PreviousColour, options: [String]) async throws {
            try await Story.tell("disk\(previous)") { story in
                let repository = "teal-story/disk\(previous)"
                try await story.makeImages(repository, tags: ["v1", "v2", "v3", "v4"])
                try story.writeCompose(
                    Stories.web.replacing(
                        "teal/demo-shop:v1", with: "\(repository):${VERSION}"))
                try story.writeConfiguration(
                    Stories.configuration(more: "keep: {previous: \(previous), releases: 2}"))
                for version in ["v1", "v2", "v3", "v4"] {
                    try await story.deploy(["VERSION": version], options: ["--release", version])
                }
                try await story.openSite()
                try await story.untilVersion("v4")
                #expect(try await story.imageNames("teal/disk\(previous)/web").count == 2)
                try await story.removeImages(repository)
                try await story.pruneImages(options)
                let cleaned = try await story.teal(["clean", "--yes"])
                #expect(cleaned.succeeded)
                let back = try await story.teal(["rollback"], ["VERSION": "wrong"])
                #expect(back.succeeded, "\(back.standardOutput)")
                #expect(try await story.version() == "v3")
            }
        }
    }
}
