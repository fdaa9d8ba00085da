import BlueGreen

/// `server.conf`: for each request, who has traffic.
extension Blueprint {
    /// Nothing in here may stand only once in a server block: two apps may share one.
    var serverFile: String {
        let top = heading(Self.purpose(ofServerFile: paths)) + shortNames
        let parts = choice + [accessLog(at: .server)]
        let body = parts.joined()
        return top + "\n"
            + (body.isEmpty ? "# In reload mode there is nothing to say at this level.\n" : body)
    }

    private var choice: [String] {
        switch mode {
        case .reload: specialParts
        case .live where !isServing:
            // Nothing is tested while nobody has traffic, which the first switch changes by a
            // reload that no request can notice.
            services.map { "set $\(names.variable(of: $0)) \(names.placeholder);\n" }
                + [maintenanceOfNobody]
        case .live:
            [colourTest] + specialParts
                + services.map {
                    "set $\(names.variable(of: $0)) \(names.liveGroup($0));\n"
                }
        }
    }

    private var colourTest: String {
        """
        set $\(names.colour) blue;
        if (-f \(paths.live("green"))) {
            set $\(names.colour) green;
        }

        """
    }

    /// Something that the link may ask for beside a colour.
    struct StateTest: Hashable, Sendable {
        /// A part of the name of a variable.
        let word: String
        /// The file that nginx looks for.
        let path: String
        /// Directives for where it is there.
        let lines: [String]
    }

    /// In this order: each sees what those before it have set.
    var stateTests: [StateTest] {
        (steps.isEmpty ? [] : [divisionTest]) + (isObserved ? [watchTest] : [])
            + (mode == .live ? [maintenanceTest] : [])
    }

    /// One test of nginx's cannot stand within another. So a path that is empty at rest takes the
    /// place of the second, since to look for a file without a name costs a fifth.
    private var specialParts: [String] {
        let tests = stateTests.map { (test: $0, path: names.path(of: $0.word)) }
        if tests.isEmpty { return [] }
        return tests.map { "set $\($0.path) \"\";\n" }
            + ["if (-f \(paths.live(LinkState.specialMarker))) {\n"]
            + tests.map { "    set $\($0.path) \($0.test.path);\n" } + ["}\n"]
            + tests.map { test, path in
                "if (-f $\(path)) {\n" + test.lines.map { "    \($0)\n" }.joined() + "}\n"
            }
    }

    /// For the status server alone, where a test costs nobody anything.
    var stateWords: String {
        var flags = Set(states.flatMap(\.flags))
        // There the workers have read what the link says.
        if mode == .reload { flags.remove(LinkState.maintenanceMarker) }
        return flags.sorted().map { flag in
            """
                if (-f \(paths.live(flag))) {
                    set $\(names.state) "$\(names.state) \(flag)";
                }

            """
        }.joined()
    }
}
