// swift-tools-version: 6.2
import PackageDescription

// A type's metadata by direct calls: by its mangled name the runtime searches all 13,000 conformances
// of the program for each generic type that it meets first, a seventh of what `teal status` costs.
// Sections for functions are what `ordered` needs.
let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
    .unsafeFlags(
        [
            "-Xfrontend", "-disable-concrete-type-metadata-mangled-name-accessors",
            "-Xfrontend", "-function-sections",
        ],
        .when(configuration: .release)),
]

let asyncHTTPClient = Target.Dependency.product(
    name: "AsyncHTTPClient", package: "async-http-client")
let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioWebSocket = Target.Dependency.product(name: "NIOWebSocket", package: "swift-nio")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let unixSignals = Target.Dependency.product(
    name: "UnixSignals", package: "swift-service-lifecycle")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

// Swift's runtime and Foundation in the program itself, so that a host needs nothing of Swift's:
// glibc, libstdc++ and libsqlite3 are all. Not position-independent: relocating Foundation's and
// ICU's tables at each start costs 3 MB of the 33 that `teal status` then holds. A fully static
// program needs twice the time to start, which is why it is none. Nothing loads the program as a
// library, so that it exports no symbols: 42,000 of them had 4.6 MB, which each start reads in part.
let selfContained = [
    "-static-stdlib", "-Xclang-linker", "-no-pie", "-lCoreFoundation", "-l_FoundationICU",
    "-l_FoundationCShims", "-l_FoundationCollections", "-lstdc++", "-Xlinker",
    "--no-export-dynamic",
]

// The functions that the verbs run through lie together, as `Tests/benchmark.sh order` found them:
// without an order nearly each 64 KB of the program have something that a start reads. Modules of
// other packages take part where they have sections too, as .ci/package builds them.
let ordered = [
    "-use-ld=lld", "-Xlinker", "--no-warn-symbol-ordering", "-Xlinker",
    "--symbol-ordering-file=\(Context.packageDirectory)/.ci/packaging/functions.txt",
]

// A folder inside this package, from `.ci/package`, with the parts of a release program that are
// no sources: the stamp that says its commit, and libraries to link statically. The shared
// libraries of the machine that builds would tie the program to hosts as new as that machine.
let parts = Context.environment["TEAL_RELEASE_PARTS"]
let portable = parts.map { "\(Context.packageDirectory)/\($0)" }.map {
    ["-L", "\($0)/libraries", "-Xclang-linker", "-static-libgcc", "\($0)/glibc.o"]
}

let package = Package(
    name: "teal",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "teal", targets: ["teal"]),
        .executable(name: "shop", targets: ["shop"]),
        .executable(name: "load", targets: ["LoadGenerator"]),
        .executable(name: "benchmark", targets: ["Benchmark"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", exact: "0.2.0"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird.git", exact: "2.28.1",
            traits: []),
        .package(
            url: "https://github.com/hummingbird-project/swift-mustache.git", exact: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(
            url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: []),
    ],
    targets: [
        .target(name: "BlueGreen", swiftSettings: house),
        .target(
            name: "BuildStamp", path: (parts ?? "Sources") + "/BuildStamp", swiftSettings: house),
        .target(name: "Orchestration", dependencies: ["BlueGreen"], swiftSettings: house),
        .target(
            name: "HostSystem", dependencies: ["BlueGreen", "Orchestration", subprocess, system],
            swiftSettings: house),
        .target(
            name: "DockerEngine",
            dependencies: [
                "BlueGreen", "Orchestration", "HostSystem", asyncHTTPClient, nioCore, nioHTTP1,
            ], swiftSettings: house),
        .target(
            name: "DockerCompose",
            dependencies: [
                "BlueGreen", "Orchestration", "HostSystem", "DockerEngine", asyncHTTPClient, crypto,
                nioCore, nioHTTP1,
            ], swiftSettings: house),
        .target(
            name: "DockerSwarm",
            dependencies: ["BlueGreen", "Orchestration", "HostSystem", "DockerEngine", crypto],
            swiftSettings: house),
        .target(
            name: "Nginx",
            dependencies: [
                "BlueGreen", "Orchestration", "HostSystem", nioCore, nioPosix, nioHTTP1,
                histogram,
            ],
            swiftSettings: house),
        .target(
            name: "HealthProbes",
            dependencies: [
                "BlueGreen", "Orchestration", "HostSystem", nioCore, nioPosix, nioHTTP1,
            ],
            swiftSettings: house),
        .target(
            name: "Notices",
            dependencies: [
                "BlueGreen", "Orchestration", "HostSystem", asyncHTTPClient, crypto, nioCore,
                nioHTTP1, nioPosix, nioSSL,
            ],
            swiftSettings: house),
        .target(
            name: "Dashboard",
            dependencies: [
                "BlueGreen", "Orchestration", "HostSystem", crypto, httpTypes, hummingbird, logging,
                mustache, nioCore,
            ],
            swiftSettings: house),
        .target(
            name: "Persistence",
            dependencies: ["BlueGreen", "Orchestration", "HostSystem", grdb, sqlite],
            swiftSettings: house),
        .target(
            name: "Commands",
            dependencies: [
                "BlueGreen", "BuildStamp", "Orchestration", "HostSystem", "DockerEngine",
                "DockerCompose", "DockerSwarm", "Nginx", "HealthProbes", "Notices", "Persistence",
                "Dashboard", argumentParser, nioCore, unixSignals, yams,
            ], swiftSettings: house),
        .executableTarget(
            name: "teal", dependencies: ["Commands"], exclude: ["systemd"], swiftSettings: house,
            linkerSettings: [
                .unsafeFlags(selfContained + (portable ?? []), .when(platforms: [.linux])),
                .unsafeFlags(ordered, .when(platforms: [.linux], configuration: .release)),
            ]),
        .target(
            name: "DemoShop", dependencies: [nioCore, nioPosix, nioHTTP1, nioWebSocket],
            path: "Tests/DemoShop", swiftSettings: house),
        .executableTarget(
            name: "shop", dependencies: ["DemoShop"], path: "Tests/shop", swiftSettings: house,
            // One file that needs nothing around it, for an image FROM scratch.
            linkerSettings: [.unsafeFlags(["-static-executable"], .when(platforms: [.linux]))]),
        .target(name: "LoadReport", path: "Tests/LoadReport", swiftSettings: house),
        .executableTarget(
            name: "LoadGenerator",
            dependencies: [
                "LoadReport", argumentParser, nioCore, nioPosix, nioHTTP1, histogram,
            ],
            path: "Tests/LoadGenerator", swiftSettings: house),
        .executableTarget(
            name: "Benchmark", dependencies: ["TestSupport", "LoadReport", argumentParser, grdb],
            path: "Tests/Benchmark", swiftSettings: house),
        .target(
            name: "TestSupport",
            dependencies: [
                "BlueGreen", "Orchestration", "HostSystem", "LoadReport", nioCore, nioHTTP1,
                nioPosix, nioSSL,
            ],
            path: "Tests/TestSupport", swiftSettings: house),
        .testTarget(
            name: "BlueGreenTests", dependencies: ["BlueGreen", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "OrchestrationTests",
            dependencies: ["Orchestration", "BlueGreen", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "DockerSwarm", "DockerEngine", "HostSystem", "Orchestration", "BlueGreen",
                "TestSupport",
            ], swiftSettings: house),
        .testTarget(
            name: "HostSystemTests", dependencies: ["HostSystem", "BlueGreen", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "DockerComposeTests",
            dependencies: [
                "DockerCompose", "DockerEngine", "HostSystem", "Orchestration", "BlueGreen",
                "TestSupport",
            ], swiftSettings: house),
        .testTarget(
            name: "DockerSwarmTests",
            dependencies: [
                "DockerSwarm", "DockerEngine", "HostSystem", "Orchestration", "BlueGreen",
                "TestSupport", nioHTTP1,
            ], swiftSettings: house),
        .testTarget(
            name: "NginxTests",
            dependencies: ["Nginx", "HostSystem", "Orchestration", "BlueGreen", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "HealthProbesTests",
            dependencies: [
                "HealthProbes", "HostSystem", "Orchestration", "BlueGreen", "TestSupport", nioCore,
                nioPosix,
            ], swiftSettings: house),
        .testTarget(
            name: "NoticesTests",
            dependencies: [
                "Notices", "HostSystem", "Orchestration", "BlueGreen", "TestSupport", nioCore,
                nioHTTP1, nioPosix, nioSSL,
            ], swiftSettings: house),
        .testTarget(
            name: "DashboardTests",
            dependencies: [
                "Dashboard", "HostSystem", "Orchestration", "BlueGreen", "TestSupport", httpTypes,
                hummingbird, nioCore, nioHTTP1, nioPosix,
            ], swiftSettings: house),
        .testTarget(
            name: "PersistenceTests",
            dependencies: [
                "Persistence", "HostSystem", "Orchestration", "BlueGreen", "TestSupport", grdb,
            ],
            // Read by their path, so that a test can write them anew.
            exclude: ["Golden"], swiftSettings: house),
        .testTarget(
            name: "CommandsTests",
            dependencies: [
                "Commands", "Dashboard", "DockerCompose", "DockerEngine", "DockerSwarm", "Nginx",
                "Notices", "Persistence", "HostSystem", "Orchestration", "BlueGreen",
                "TestSupport", argumentParser,
            ], exclude: ["Documents", "Projects"],
            swiftSettings: house),
        .testTarget(
            name: "DemoShopTests", dependencies: ["DemoShop", nioCore, nioHTTP1, nioPosix],
            swiftSettings: house),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["TestSupport", "LoadReport", "HostSystem", "BlueGreen", nioHTTP1],
            swiftSettings: house),
    ],
    swiftLanguageModes: [.v6]
)
